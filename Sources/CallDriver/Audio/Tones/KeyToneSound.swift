package import CallCore

/// The sound of a telephone's keys: two tones at once (ITU-T Q.23), 100 ms long, and then the 40 ms of silence by which an exchange tells it from the
/// next one (Q.24).
package struct KeyToneSound: Sendable {
  /// Samples per second that it can be made with.
  package enum Rate: Sendable {
    /// Of telephone lines.
    case narrow
    /// Of the caller's frames.
    case wide

    /// Samples per second.
    package var perSecond: Int { self == .narrow ? 8000 : 16_000 }
  }

  /// How long a key sounds, and how long nothing does behind it. Together less than the time between two keys of a simulated caller.
  package static let (toneLength, pauseLength) = (CallDuration.milliseconds(100), CallDuration.milliseconds(40))
  /// Of each of the two tones, on the scale of 16-bit samples: −9 dBm0 for both together.
  private static let amplitude = 5800.0
  private static let keys = "123456789*0#"
  /// 697, 770, 852 and 941 Hz; then 1209, 1336 and 1477 Hz.
  private static let narrow = [
    SineTone(turn: 1.7077378093489017, first: 0.5204881301528917),
    SineTone(turn: 1.6452810360417196, first: 0.5685618507342639),
    SineTone(turn: 1.56868698386682, first: 0.620326757976556),
    SineTone(turn: 1.4782045682401759, first: 0.6735932107796729),
    SineTone(turn: 1.1641040230273316, first: 0.8131515577633086),
    SineTone(turn: 0.9963702106789817, first: 0.86707070116449),
    SineTone(turn: 0.7986183892266362, first: 0.9168163213519179),
  ]
  private static let wide = [
    SineTone(turn: 1.9255487034476437, first: 0.27030639589690547),
    SineTone(turn: 1.9092619087075822, first: 0.2977914387445853),
    SineTone(turn: 1.889096869900223, first: 0.32837212736968857),
    SineTone(turn: 1.8649945223083568, first: 0.36117704514539134),
    SineTone(turn: 1.7787928555701285, first: 0.45713673473389455),
    SineTone(turn: 1.731002660506038, first: 0.5009066253607098),
    SineTone(turn: 1.6729071669481952, first: 0.5480377748781018),
  ]

  private var row: SineTone
  private var column: SineTone
  private var toneLeft: Int
  private var pauseLeft: Int

  /// - Parameter key: which; it sounds from the first sample on.
  package init(_ key: Key, at rate: Rate) {
    let place = Self.keys.enumerated().first { $0.element == key.character }?.offset ?? 0
    let tones = rate == .narrow ? Self.narrow : Self.wide
    (row, column) = (tones[place / 3], tones[4 + place % 3])
    toneLeft = Int(Self.toneLength.microseconds) * rate.perSecond / 1_000_000
    pauseLeft = Int(Self.pauseLength.microseconds) * rate.perSecond / 1_000_000
  }

  /// Whether all of it was given, its silence included.
  package var isOver: Bool { toneLeft + pauseLeft == 0 }

  /// The next sample; 0 behind the tones.
  package mutating func next() -> Int16 {
    guard toneLeft > 0 else {
      pauseLeft = max(pauseLeft - 1, 0)
      return 0
    }
    toneLeft -= 1
    return Int16(Self.amplitude * (row.next() + column.next()))
  }
}
