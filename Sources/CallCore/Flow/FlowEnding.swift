/// How a flow ends a call.
public struct FlowEnding: Sendable, Equatable {
  /// `.completed`, `.noInput`, `.noMatch`, `.transferred` or `.engineFailed` (a tool failed and the flow had no branch for it).
  public var reason: CloseReason
  /// The flow's own word for what was reached, such as `booked`; the telephone number after a phone transfer.
  public var outcome: String

  /// See the properties.
  public init(reason: CloseReason, outcome: String) {
    self.reason = reason
    self.outcome = outcome
  }
}
