/// Says goodbye and hangs up.
public struct EndState: Sendable, Equatable {
  /// The flow's word for what was reached, such as `booked`.
  public var outcome: FlowText
  /// Said first; the caller cannot interrupt it.
  public var says: FlowText?

  /// See the properties.
  public init(outcome: FlowText, says: FlowText? = nil) {
    self.outcome = outcome
    self.says = says
  }
}
