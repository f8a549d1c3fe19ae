/// Mono audio: signed 16-bit samples at one rate.
public struct PCMBuffer: Sendable, Equatable {
  /// Samples per second, above 0.
  public var sampleRate: Int
  /// Oldest first.
  public var samples: [Int16]

  package init(sampleRate: Int, samples: [Int16]) {
    self.sampleRate = sampleRate
    self.samples = samples
  }

  /// Length in whole microseconds, rounded down.
  public var microseconds: Int64 { Int64(samples.count) * 1_000_000 / Int64(sampleRate) }
}

/// The frames that audio is handled in: 20 ms, 16 kHz, mono.
package enum FrameFormat {
  /// Samples of one frame.
  package static let samples = 320
  /// Length of one frame.
  package static let microseconds: Int64 = 20_000
  /// Samples per second.
  package static let sampleRate = 16_000

  /// Length of `samples` samples, rounded down.
  package static func microseconds(ofSamples samples: Int) -> Int64 { Int64(samples) * 1_000_000 / Int64(sampleRate) }

  /// Samples in `microseconds`, rounded down.
  package static func samples(inMicroseconds microseconds: Int64) -> Int {
    Int(microseconds * Int64(sampleRate) / 1_000_000)
  }
}
