/// Something that happened in a call and that its client is told at once. `Sources/Documentation.docc/Wire.md` says how it travels.
public enum CallReport: Sendable, Equatable {
  /// The caller began to speak.
  case speechStarted(at: Timestamp)
  /// The caller's turn is over; `at` is the end of the last speech.
  case speechStopped(at: Timestamp)
  /// What the caller said in a turn: not final while the turn may still go on.
  case transcript(TranscriptEntry, final: Bool)
  /// The flow went to another state.
  case stateEntered(name: String, from: String, because: String)
  /// The agent's utterance began to play.
  case agentStarted(TranscriptEntry)
  /// It was played to its end.
  case agentFinished(TranscriptEntry)
  /// It was cut off; the entry says what was heard.
  case agentInterrupted(TranscriptEntry)
  /// Audio of this utterance that the client has not played yet is to be dropped.
  case clear(UtteranceID)
  /// A turn was answered: how long the caller waited.
  case turnAnswered(TurnLatency)
  /// Something went wrong; the call goes on unless it is followed by the end. Fit for the client's eyes.
  case trouble(code: String, message: String)
}
