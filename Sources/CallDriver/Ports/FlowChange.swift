/// What became of a change to the flows.
public enum FlowChange: Sendable, Equatable {
  /// It was made; with the version that counts now, or the last one of a flow that was removed.
  case done(FlowVersion)
  /// Nothing changed: there is a flow of this name already.
  case taken
  /// Nothing changed: there is no such flow.
  case missing
  /// Nothing changed: somebody else has changed the flow meanwhile.
  case outdated(current: Int)
  /// Nothing changed: there is no room. Names the limit, in words.
  case full(limit: String)
}
