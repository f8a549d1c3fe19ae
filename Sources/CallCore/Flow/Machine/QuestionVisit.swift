/// One visit to a state that waits for the caller.
struct QuestionVisit: Sendable, Equatable {
  /// The value that the caller is asked to confirm; `nil` while the state's own question is open.
  var candidate: String?
  /// Turns in which nothing was said.
  var noInputs = 0
  /// Turns in which nothing fitted.
  var noMatches = 0
  /// Values that the caller did not confirm.
  var refusals = 0
}
