/// What a flow waits for.
enum FlowPhase: Sendable, Equatable {
  /// For the call to begin.
  case notBegun
  /// For the caller.
  case asking(QuestionVisit)
  /// For a tool that was called so many times by this visit.
  case waitingForTool(tries: Int)
  /// For nothing any more.
  case ended
}
