/// What `GET /api/flows` answers.
public struct FlowList: Sendable, Equatable, JSONDocument {
  /// All flows.
  public var flows: [FlowDocument]

  /// - Parameter flows: in the order to show.
  public init(_ flows: [FlowDocument]) { self.flows = flows }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("flows", flows) { writer, flow in writer.object(flow.writeMembers) }
  }
}
