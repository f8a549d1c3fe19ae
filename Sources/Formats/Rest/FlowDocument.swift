public import CallCore
public import JSON

/// A flow as `GET /api/flows/{name}` shows it: a graph of states.
public struct FlowDocument: Sendable, Equatable, JSONDocument {
  /// The flow.
  public var flow: Flow
  /// Which version of it; `nil` where flows are not kept in versions.
  public var version: Int?

  package init(_ flow: Flow, version: Int? = nil) {
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
        writer.field("kind", transition.kind.rawValue)
      }
    }
  }
}

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

/// What `GET /api/flows/{name}/versions` answers; `Rest.md` lists the members.
public struct FlowVersionList: Sendable, JSONDocument {
  /// One version.
  public struct Entry: Sendable {
    /// Its number.
    public var version: Int
    /// When it was saved, in microseconds since 1970 UTC.
    public var savedAtUnixMicroseconds: Int64
    /// Length of its text.
    public var bytes: Int

    package init(version: Int, savedAtUnixMicroseconds: Int64, bytes: Int) {
      self.version = version
      self.savedAtUnixMicroseconds = savedAtUnixMicroseconds
      self.bytes = bytes
    }
  }

  /// The flow.
  public var name: String
  /// The newest first.
  public var versions: [Entry]

  package init(name: String, versions: [Entry]) {
    self.name = name
    self.versions = versions
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.list("versions", versions) { writer, entry in
      writer.object { writer in
        writer.field("version", entry.version)
        writer.field("savedAt", UTCTime.text(unixMicroseconds: entry.savedAtUnixMicroseconds))
        writer.field("bytes", entry.bytes)
      }
    }
  }
}
