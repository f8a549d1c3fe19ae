package import CallCore
public import JSON

extension JSONObject {
  /// A flow as `GET /api/flows/{name}` shows it: a graph of states.
  /// - Parameter version: `nil` where flows are not kept in versions.
  package static func flow(_ flow: Flow, version: Int? = nil) -> JSONObject {
    JSONObject { writer in
      let graph = FlowGraph(flow)
      writer.field("name", graph.name)
      writer.field("version", version)
      writer.field("title", graph.title)
      writer.field("description", graph.description)
      writer.field("start", graph.start)
      writer.objects("states", graph.states) { writer, state in
        writer.field("name", state.name)
        writer.field("kind", state.kind)
        writer.field("text", state.text)
        guard let tools = state.tools else { return }
        writer.objects("tools", tools) { writer, tool in
          writer.field("name", tool.name)
          writer.field("about", tool.about)
          writer.list("arguments", tool.arguments)
          writer.field("effect", tool.effect.rawValue)
          writer.field("state", tool.state)
        }
      }
      writer.objects("transitions", graph.transitions) { writer, transition in
        writer.field("from", transition.from)
        writer.field("to", transition.to)
        writer.field("label", transition.label)
        writer.field("kind", transition.kind.rawValue)
      }
    }
  }

  /// What `GET /api/flows` answers; flows that are kept and cannot be used stand apart, where there are any.
  package static func flows(_ flows: [JSONObject], unusable: [UnusableFlow]) -> JSONObject {
    JSONObject { writer in
      writer.list("flows", flows)
      guard !unusable.isEmpty else { return }
      writer.objects("unusable", unusable) { writer, flow in
        writer.field("name", flow.name)
        writer.list("faults", flow.faults.faults)
      }
    }
  }

  /// What `GET /api/flows/{name}/versions` answers.
  /// - Parameter versions: the newest first.
  package static func flowVersions(_ versions: [FlowVersion], of name: String) -> JSONObject {
    JSONObject { writer in
      writer.field("name", name)
      writer.objects("versions", versions) { writer, version in
        writer.field("version", version.version)
        writer.field("savedAt", instant: version.savedAtUnixMicroseconds)
        writer.field("bytes", version.text.utf8.count)
      }
    }
  }

  /// What `POST /api/flows/check` answers.
  package static func flowCheck(_ reading: FlowReading, _ form: FlowGraph.PictureForm = .standalone) -> JSONObject {
    JSONObject { writer in
      let (flow, faults): (Flow?, [FileFault]) =
        switch reading.result {
        case .success(let flow): (flow, [])
        case .failure(let found): (nil, found.faults)
        }
      writer.field("ok", faults.isEmpty)
      writer.field("svg", flow.map { FlowGraph($0).svg(form) })
      writer.field("flow", document: flow.map { JSONObject.flow($0) })
      writer.objects("states", reading.stateLines) { writer, place in
        writer.field("name", place.state)
        writer.field("line", place.line)
      }
      writer.list("faults", faults)
    }
  }

  /// What is wrong with a file that came in over REST: a problem (RFC 9457) with every fault in a member of its own, `faults`.
  package static func faultyFile(_ faults: FileFaults) -> JSONObject {
    JSONObject { writer in
      writer.field("type", "about:blank")
      writer.field("title", "Bad Request")
      writer.field("status", 400)
      writer.field("detail", faults.description)
      writer.list("faults", faults.faults)
    }
  }
}

extension FileFault: JSONDocument {
  /// Where it is and what it is, without the file's name.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("line", line)
    writer.field("column", column)
    writer.field("kind", kind.rawValue)
    writer.field("message", message)
  }
}
