/// Asks for one value and keeps it in a slot.
public struct CollectState: Sendable, Equatable {
  /// The variable that gets the value.
  public var slot: String
  /// What counts as a value.
  public var kind: SlotKind
  /// The question.
  public var question: FlowQuestion
  /// Asked before the value counts, with the slot's name standing for what was heard; empty for no confirmation.
  public var confirm: [FlowText]
  /// The state after it.
  public var next: String

  /// See the properties.
  public init(slot: String, kind: SlotKind, question: FlowQuestion, confirm: [FlowText] = [], next: String) {
    self.slot = slot
    self.kind = kind
    self.question = question
    self.confirm = confirm
    self.next = next
  }
}
