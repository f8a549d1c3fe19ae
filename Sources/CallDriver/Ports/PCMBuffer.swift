/// Mono audio: signed 16-bit samples at one rate.
public struct PCMBuffer: Sendable, Equatable {
  /// Samples per second.
  public var sampleRate: Int
  /// Oldest first.
  public var samples: [Int16]

  /// - Parameters:
  ///   - sampleRate: samples per second, above 0.
  ///   - samples: oldest first.
  public init(sampleRate: Int, samples: [Int16]) {
    self.sampleRate = sampleRate
    self.samples = samples
  }

  /// Length in whole microseconds, rounded down.
  public var microseconds: Int64 { Int64(samples.count) * 1_000_000 / Int64(sampleRate) }
}
