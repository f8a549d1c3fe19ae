public import CallCore
import JSON

/// `agent`: an utterance of the agent began, ended or was cut off.
public struct AgentNotice: Sendable, Equatable {
  /// What happened to it. The raw values stand on the wire.
  public enum State: String, Sendable, CaseIterable { case started, finished, interrupted }

  /// What happened.
  public var state: State
  /// The utterance.
  public var utterance: UtteranceID
  /// The caller's turn that it answers.
  public var turn: TurnID
  /// What the agent set out to say.
  public var text: String
  /// How long it was audible so far; whole milliseconds.
  public var heard: CallDuration
  /// The words that were audible so far.
  public var playedText: String

  /// - Parameter entry: of the agent, with its utterance; the span is rounded to milliseconds.
  public init(_ state: State, _ entry: TranscriptEntry) {
    guard let utterance = entry.utterance else { preconditionFailure("what the agent says has an utterance") }
    self.state = state
    self.utterance = utterance
    turn = entry.turn
    text = entry.text
    heard = .milliseconds(entry.heard.milliseconds)
    playedText = entry.playedText
  }

  init(_ fields: JSONFields) throws(WireFault) {
    utterance = try fields.utterance("utterance")
    turn = try fields.turn("turn")
    text = try fields.text("text")
    state = try fields.choice("state", of: State.allCases)
    heard = try fields.span("heardMs")
    playedText = try fields.text("heardText")
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("utterance", utterance.number)
    writer.field("turn", turn.number)
    writer.field("text", text)
    writer.field("state", state.rawValue)
    writer.field("heardMs", heard.milliseconds)
    writer.field("heardText", playedText)
  }
}
