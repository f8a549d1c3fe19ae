/// Goes on in another flow, with every variable kept.
public struct TransferState: Sendable, Equatable {
  /// Name of the other flow.
  public var flow: String
  /// Said first, if anything.
  public var says: FlowText?

  /// See the properties.
  public init(flow: String, says: FlowText? = nil) {
    self.flow = flow
    self.says = says
  }
}
