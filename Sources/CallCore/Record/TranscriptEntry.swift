/// One thing that the caller or the agent said.
public struct TranscriptEntry: Sendable, Equatable {
  /// Who spoke. The raw values stand on the wire.
  public enum Role: String, Sendable { case caller, agent }
  /// How it came in. The raw values stand on the wire.
  public enum Source: String, Sendable { case speech, keys, text }

  /// The caller's turn it belongs to; for the agent, the turn it answers.
  public var turn: TurnID
  /// Who spoke.
  public var role: Role
  /// Caller: what was understood. Agent: what it set out to say.
  public var text: String
  /// When the speech began.
  public var at: Timestamp
  /// How it came in; `.speech` for the agent.
  public var source: Source
  /// The agent's utterance; `nil` for the caller.
  public var utterance: UtteranceID?
  /// Whether the caller cut the agent off.
  public var interrupted = false
  /// Agent only: the words that were audible; equals `text` when it was heard to its end. What was never heard is not here.
  public var playedText: String
  /// Agent only: how long it was audible.
  public var heard: CallDuration = .zero

  /// - Parameter playedText: see the property; for the caller the same as `text`.
  public init(
    turn: TurnID, role: Role, text: String, at: Timestamp, source: Source, utterance: UtteranceID? = nil,
    playedText: String
  ) {
    self.turn = turn
    self.role = role
    self.text = text
    self.at = at
    self.source = source
    self.utterance = utterance
    self.playedText = playedText
  }
}
