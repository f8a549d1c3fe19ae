/// One value of a choice.
public struct SlotChoice: Sendable, Equatable {
  /// What the slot holds.
  public var value: String
  /// Any of these in the caller's words is the choice.
  public var patterns: [UtterancePattern]
  /// The keys that mean it; `nil` for none.
  public var keys: String?

  /// See the properties.
  public init(_ value: String, hear patterns: [UtterancePattern], keys: String? = nil) {
    self.value = value
    self.patterns = patterns
    self.keys = keys
  }
}
