public import CallCore

/// A flow as `GET /api/flows/{name}` shows it: a graph of states.
public struct FlowDocument: Sendable, Equatable, JSONDocument {
  /// The flow.
  public var flow: Flow

  /// - Parameter flow: the flow to show.
  public init(_ flow: Flow) { self.flow = flow }

  /// Writes the members of `Wire.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", flow.name)
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
