/// Something a caller may want, how it sounds, and what follows.
public struct FlowIntent: Sendable, Equatable {
  /// Unique in its state.
  public var name: String
  /// Any of these in the caller's words is the intent.
  public var patterns: [UtterancePattern]
  /// The keys that mean it, such as `1` or `*`; `nil` for none.
  public var keys: String?
  /// Said first, if anything.
  public var says: FlowText?
  /// Variables that get a value, in order.
  public var sets: [FlowAssignment]
  /// What follows.
  public var then: IntentConsequence

  /// See the properties.
  public init(
    _ name: String, hear patterns: [UtterancePattern], keys: String? = nil, says: FlowText? = nil,
    sets: [FlowAssignment] = [], then: IntentConsequence
  ) {
    self.name = name
    self.patterns = patterns
    self.keys = keys
    self.says = says
    self.sets = sets
    self.then = then
  }
}
