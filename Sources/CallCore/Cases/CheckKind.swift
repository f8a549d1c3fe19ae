/// What kind of thing a check looks at. The raw values stand in reports and in `must-fail`.
public enum CheckKind: String, Sendable, Hashable, CaseIterable {
  /// Every keyword is in the agent's reply.
  case keywords
  /// At least one of these is.
  case anyOf = "any-of"
  /// The reply is this, word for word after normalising.
  case exact
  /// A regular expression is found in the reply.
  case regex
  /// None of these is in the reply.
  case excludes
  /// The reply is alike.
  case similarity
  /// The flow was in this state.
  case state
  /// The agent took this down.
  case slot
  /// The call's outcome.
  case outcome
  /// Why the call ended.
  case ended
  /// How long the caller waited.
  case latency
  /// How fast the agent stopped when it was interrupted.
  case yield
  /// The agent answered at all. Checked in every turn that wants an answer.
  case reply
  /// The reply is more than the expected keywords. Checked wherever keywords are expected.
  case ownWords = "own-words"
  /// The reply is more than the caller's own words. Checked in every spoken turn.
  case echo
  /// The agent did not begin inside a caller's turn. Checked in every turn.
  case interruption
  /// A backchannel neither stopped the agent nor was answered. Checked where there is one.
  case selectivity
  /// What the agent understood, by word errors against what the caller meant. Also when it speaks, but goes on as if nobody had.
  case understood
  /// Length of the call.
  case duration
  /// Share of the call in which both speak.
  case talkOver = "talk-over"
  /// Every turn that was written was reached. Checked in every call.
  case coverage
  /// The call went on to its end without a failure of the line or an engine. Checked in every call that is not asked to fail.
  case line
  /// What the caller was to do is in the caller's own track, and the room and the line were as asked. Checked in every turn; one that
  /// is not met makes the case invalid.
  case stimulus
}
