import CallCore
public import JSON

/// What `POST /api/flows/try` answers; `Rest.md` lists the members.
public struct FlowDryRunDocument: JSONDocument {
  private let dryRun: FlowDryRun

  /// - Parameter dryRun: has run.
  public init(_ dryRun: FlowDryRun) { self.dryRun = dryRun }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("flow", dryRun.machine.currentFlow)
    writer.field("state", dryRun.machine.currentState)
    writer.field("over", dryRun.ending != nil)
    writer.field("reason", dryRun.ending?.reason.rawValue)
    writer.field("outcome", dryRun.ending.flatMap { $0.outcome.isEmpty ? nil : $0.outcome })
    if let request = dryRun.openRequest, dryRun.ending == nil {
      writer.object("tool") { writer in
        writer.field("state", request.state)
        writer.field("method", request.method)
        writer.field("url", request.url)
        writer.field("body", request.body)
        writer.list("wanted", request.wanted) { $0.value($1) }
      }
    } else {
      writer.field("tool", JSONValue.null)
    }
    writer.field("slots", dryRun.machine.slots)
    writer.field("cut", dryRun.isCut)
    writer.list("entries", dryRun.entries) { writer, entry in
      writer.object { writer in
        for (name, text) in Self.members(of: entry) { writer.field(name, text) }
      }
    }
  }

  private static func members(of entry: FlowDryRun.Entry) -> [(String, String)] {
    switch entry {
    case .event(let event):
      let (kind, values) = event.fields
      return [("kind", kind)] + values.map { ($0.0.rawValue, $0.1) }
    case .unused(let line, let why): return [("kind", "unused"), ("text", line), ("why", why)]
    }
  }
}
