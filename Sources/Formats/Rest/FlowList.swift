public import JSON

/// What `GET /api/flows` answers.
public struct FlowList: Sendable, Equatable, JSONDocument {
  /// All flows.
  public var flows: [FlowDocument]

  /// Flows that are kept and cannot be used.
  public var unusable: [UnusableFlow]

  /// - Parameters: in the order to show.
  public init(_ flows: [FlowDocument], unusable: [UnusableFlow] = []) {
    self.flows = flows
    self.unusable = unusable
  }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("flows", flows) { writer, flow in writer.object(flow.writeMembers) }
    guard !unusable.isEmpty else { return }
    writer.list("unusable", unusable) { writer, flow in
      writer.object { writer in
        writer.field("name", flow.name)
        writer.list("faults", flow.faults.faults) { writer, fault in writer.object(fault.writeMembers) }
      }
    }
  }
}
