public import CallCore
package import Wires

/// Everything that a simulated caller needs to know before the call: nothing is made up while it goes on.
public struct CallerPlan: Sendable {
  /// What it was made from.
  public var testCase: TestCase
  /// Of this call; every stream of luck is drawn from it.
  public var seed: UInt64
  /// In order.
  public var turns: [PlannedTurn]
  /// Mean square of the caller's speech where it is audible, after the world's level; 0 without sound.
  public var speechPower = 0.0
  /// The sound of a noise that cannot be worked out as it is needed: babble, or a recording; 16 kHz mono, looped.
  public var noiseSound: [Int16]?
  /// Finds what a caller with a brief says, whose turns are not known before; `nil` where they are written.
  package var improviser: Improviser?

  /// What the call asks a server for.
  /// - Parameter today: the day that its flows are to take for today, as `YYYY-MM-DD`, where the call begins at nine;
  ///   `nil` for its own.
  package func request(today: String?) -> StartRequest {
    let (agent, format) = (testCase.agent, testCase.world.format)
    var request = StartRequest(
      flow: agent.flow, codec: format.codec, sampleRate: format.sampleRate, voice: agent.voice,
      metadata: ["testCase": testCase.id], seed: Int64(bitPattern: seed), today: today,
      now: today == nil ? nil : BuiltInAgent.usualNow)
    request.keyTones = testCase.world.keys == .inBand
    return request
  }
}

/// A turn as this caller will take it with this seed.
public struct PlannedTurn: Sendable, Equatable {
  /// As it was written.
  public var turn: TestTurn
  /// What is said, fillers and all, and where each piece lies, the turn beginning at zero. Empty for keys and silence.
  public var pieces: [CallerAct.PlacedPiece] = []
  /// The sound, 16 kHz mono; empty in text mode and for keys and silence.
  public var sound: [Int16] = []
  /// From the beginning of the turn to its last sound's end.
  public var duration = CallDuration.zero
}

/// How long words take when nobody speaks them: for text mode, and to tell when a phrase of the agent comes.
enum SpeakingPace {
  /// The voice `heart` speaks a letter, blanks included, in this time on average (72 sentences of the sample flows).
  static let letter = CallDuration.milliseconds(62)

  /// How long `text` takes at `ratePercent` of the usual pace.
  static func duration(of text: String, ratePercent: Int = 100) -> CallDuration {
    .microseconds(letter.microseconds * Int64(text.utf8.count) * 100 / Int64(ratePercent))
  }

  /// How long a sentence of the agent takes, with the silence that belongs to it.
  static func duration(of text: SynthesisText) -> CallDuration {
    duration(of: text.words, ratePercent: text.delivery.ratePercent) + text.delivery.silence
  }

  /// The words of `text` that are said whole in this time.
  static func beginning(of text: String, saidIn time: CallDuration) -> String {
    var said = ""
    for word in text.split(separator: " ") {
      let more = said.isEmpty ? String(word) : said + " " + word
      guard duration(of: more) <= time else { return said }
      said = more
    }
    return said
  }
}
