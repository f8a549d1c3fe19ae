public import CallCore
package import CallDriver
public import Wires
package import Simulation

/// Everything that a caller of one test case sends, made once before the run and shared by all calls that play it. Nothing changes in it.
public final class RecordedCaller: Sendable {
  /// The case.
  public let testCase: TestCase
  /// What the call asks the server for.
  public let request: StartRequest
  /// What the caller does and when, as its policy wants it.
  let plan: CallerPlan
  /// What is sent while the caller says nothing, in turn.
  package let idle: EncodedSpeech
  /// What is sent in each turn; `nil` for keys and silence.
  package let turns: [EncodedSpeech?]
  /// From the beginning of each turn to the end of its last sound.
  let speechEnds: [CallDuration]
  /// Whether the caller waits for a phrase of the agent, so that its words have to be read.
  let followsWords: Bool

  /// - Parameters: see the properties; a turn and an end for each turn of the plan.
  package init(
    plan: CallerPlan, request: StartRequest, idle: EncodedSpeech, turns: [EncodedSpeech?], speechEnds: [CallDuration]
  ) {
    precondition(idle.packetCount > 0, "a caller who is silent sends packets, too")
    testCase = plan.testCase
    self.plan = plan
    self.request = request
    self.idle = idle
    self.turns = turns
    self.speechEnds = speechEnds
    followsWords = plan.turns.contains { if case .atPhrase = $0.turn.cue { true } else { false } }
  }

  /// The wire's format.
  var codec: AudioCodec { request.codec }
}
