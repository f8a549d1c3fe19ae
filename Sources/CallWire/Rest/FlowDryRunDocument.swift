import CallCore

/// What `POST /api/flows/try` answers; `Rest.md` lists the members.
public struct FlowDryRunDocument: JSONDocument {
  private let trial: FlowDryRun

  /// - Parameter trial: has run.
  public init(_ trial: FlowDryRun) { self.trial = trial }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("flow", trial.machine.currentFlow)
    writer.field("state", trial.machine.currentState)
    writer.field("over", trial.ending != nil)
    writer.field("reason", trial.ending?.reason.rawValue)
    writer.field("outcome", trial.ending.flatMap { $0.outcome.isEmpty ? nil : $0.outcome })
    if let request = trial.openRequest, trial.ending == nil {
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
    writer.field("slots", trial.machine.slots)
    writer.field("cut", trial.isCut)
    writer.list("entries", trial.entries) { writer, entry in
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
