/// Mean square of speech where there is any: over the pieces of 20 ms that are at most 30 dB below the loudest of their clip, the rule
/// by which the end of speech is found, too (`CallerTurn.speechEnd`).
public struct VoicePower: Sendable {
  /// Of speech at a usual level, −26 dB below full scale (ITU-T P.56): for a caller who only presses keys.
  public static let usual = 32_768.0 * 32_768 / Decibels.power(26)
  /// Samples of a piece.
  private static let pieceSamples = 320
  /// Furthest below the loudest piece that is still speech: a factor of 1000, 30 dB.
  private static let speechRange = 1000

  private let isTelephone: Bool
  private var energy = 0
  private var samples = 0

  /// - Parameter isTelephone: whether the speech is measured behind a `TelephoneBand`, as it gets into the microphone's signal.
  public init(isTelephone: Bool = false) { self.isTelephone = isTelephone }

  /// Takes in a clip.
  /// - Parameter clip: 16 kHz mono at its final level.
  public mutating func add(_ clip: [Int16]) {
    let clip = isTelephone ? TelephoneBand.passed(clip) : clip
    let pieces = stride(from: 0, to: clip.count, by: Self.pieceSamples).map { start in
      let piece = clip[start..<min(start + Self.pieceSamples, clip.count)]
      return (energy: piece.reduce(0) { $0 + Int($1) * Int($1) }, count: piece.count)
    }
    let loud = (pieces.map { $0.energy / $0.count }.max() ?? 0) / Self.speechRange
    for piece in pieces where piece.energy / piece.count > loud {
      energy += piece.energy
      samples += piece.count
    }
  }

  /// Over all clips so far; `nil` when nothing was audible.
  public var meanSquare: Double? { samples == 0 ? nil : Double(energy) / Double(samples) }

  /// Of one clip.
  /// - Returns: `nil` when nothing is audible.
  public static func meanSquare(of clip: [Int16]) -> Double? {
    var power = VoicePower()
    power.add(clip)
    return power.meanSquare
  }
}

/// Makes samples louder or softer; what is too loud is cut off at full scale.
public struct Gain: Sendable {
  private let factor: Double

  /// - Parameter decibels: 0 leaves everything as it is, bit for bit.
  public init(decibels: Int) { factor = Decibels.amplitude(decibels) }

  /// - Parameter factor: on each sample.
  init(factor: Double) { self.factor = factor }

  /// The samples at the other level, each rounded to the nearest.
  public func applied(to samples: [Int16]) -> [Int16] {
    factor == 1 ? samples : samples.map { Self.saturated(Double($0) * factor) }
  }

  static func saturated(_ value: Double) -> Int16 { Int16(max(-32768, min(32767, value.rounded()))) }
}

/// Whole decibels as factors, from a chain of multiplications rather than a library's power function, so that every machine computes
/// the same.
enum Decibels {
  /// 10^(1/20): one decibel on an amplitude.
  private static let amplitudeStep = 1.122_018_454_301_963_3

  /// Factor on an amplitude.
  static func amplitude(_ decibels: Int) -> Double {
    var factor = 1.0
    for _ in 0..<abs(decibels) { factor *= amplitudeStep }
    return decibels < 0 ? 1 / factor : factor
  }

  /// Factor on a power.
  static func power(_ decibels: Int) -> Double { amplitude(decibels) * amplitude(decibels) }
}
