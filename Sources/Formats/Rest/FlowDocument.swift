public import CallCore
public import JSON

/// A flow as `GET /api/flows/{name}` shows it: a graph of states.
public struct FlowDocument: Sendable, Equatable, JSONDocument {
  /// The flow.
  public var flow: Flow
  /// Which version of it; `nil` where flows are not kept in versions.
  public var version: Int?

  /// - Parameters: see the properties.
  public init(_ flow: Flow, version: Int? = nil) {
    self.flow = flow
    self.version = version
  }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", flow.name)
    writer.field("version", version)
    writer.field("title", flow.title)
    writer.field("description", flow.description)
    writer.field("start", flow.start)
    writer.list("states", flow.states) { writer, state in
      writer.object { writer in
        writer.field("name", state.name)
        writer.field("kind", state.kind.word)
        writer.field("text", state.kind.summary)
      }
    }
    writer.list("transitions", FlowGraph(flow).transitions) { writer, transition in
      writer.object { writer in
        writer.field("from", transition.from)
        writer.field("to", transition.to)
        writer.field("label", transition.label)
      }
    }
  }
}
