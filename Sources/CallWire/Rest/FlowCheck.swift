public import CallCore

/// What `POST /api/flows/check` answers; `Rest.md` lists the members.
public struct FlowCheck: Sendable, JSONDocument {
  /// The flow, or all that is wrong with its text.
  public var result: Result<Flow, FileFaults>

  /// - Parameter result: see the property.
  public init(_ result: Result<Flow, FileFaults>) { self.result = result }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    let (svg, faults): (String?, [FileFault]) =
      switch result {
      case .success(let flow): (FlowGraph(flow).svg, [])
      case .failure(let found): (nil, found.faults)
      }
    writer.field("ok", faults.isEmpty)
    writer.field("svg", svg)
    writer.list("faults", faults) { writer, fault in writer.object(fault.writeMembers) }
  }
}

extension FileFault {
  /// Where it is and what it is, without the file's name.
  func writeMembers(to writer: inout JSONWriter) {
    writer.field("line", line)
    writer.field("column", column)
    writer.field("kind", kind.rawValue)
    writer.field("message", message)
  }
}
