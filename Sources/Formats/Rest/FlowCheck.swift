import CallCore
public import JSON

/// What `POST /api/flows/check` answers; `Rest.md` lists the members.
public struct FlowCheck: Sendable, JSONDocument {
  /// What was found in the text.
  public var reading: FlowReading
  /// Of the picture.
  public var form: FlowGraph.PictureForm

  package init(_ reading: FlowReading, _ form: FlowGraph.PictureForm = .standalone) {
    self.reading = reading
    self.form = form
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    let (flow, faults): (Flow?, [FileFault]) =
      switch reading.result {
      case .success(let flow): (flow, [])
      case .failure(let found): (nil, found.faults)
      }
    writer.field("ok", faults.isEmpty)
    writer.field("svg", flow.map { FlowGraph($0).svg(form) })
    if let flow { writer.object("flow", FlowDocument(flow).writeMembers) } else { writer.field("flow", JSONValue.null) }
    writer.list("states", reading.stateLines) { writer, place in
      writer.object { writer in
        writer.field("name", place.state)
        writer.field("line", place.line)
      }
    }
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

/// What is wrong with a file that came in over REST: a problem (RFC 9457) with every fault in a member of its own, `faults`.
public struct FaultList: Sendable, JSONDocument {
  /// What is wrong.
  public var faults: FileFaults

  /// - Parameter faults: of the body.
  public init(_ faults: FileFaults) { self.faults = faults }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("type", "about:blank")
    writer.field("title", "Bad Request")
    writer.field("status", 400)
    writer.field("detail", faults.description)
    writer.list("faults", faults.faults) { writer, fault in writer.object(fault.writeMembers) }
  }
}
