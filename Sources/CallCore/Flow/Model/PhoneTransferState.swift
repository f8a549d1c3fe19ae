/// Hands the caller to a telephone number and leaves the call; the number is the outcome.
public struct PhoneTransferState: Sendable, Equatable {
  /// The number, such as `+15551234567`.
  public var number: FlowText
  /// Said first, if anything.
  public var says: FlowText?

  /// See the properties.
  public init(number: FlowText, says: FlowText? = nil) {
    self.number = number
    self.says = says
  }
}
