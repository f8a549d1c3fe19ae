import CallCore
public import JSON

/// What `POST /api/flows/try` asks for; `Rest.md` lists the members.
public struct FlowDryRunRequest: Sendable, Equatable {
  /// The flow, as a file has it.
  public var text: String
  /// What the flow is called, unless its text says so.
  public var name = "flow"
  /// The caller's lines, at most `inputsMax` of at most `WireLimits.textCharactersMax` characters.
  public var inputs: [String] = []

  /// Lines of one conversation: no caller takes so many turns.
  public static let inputsMax = 200
  /// Largest body: a flow of `FlowLimits.fileBytesMax` with every byte escaped as two, and lines.
  public static let bytesMax = 1 << 20

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "try", bytesMax: Self.bytesMax)
    text = try fields.text("text")
    name = try fields.optionalText("name", 1...FlowLimits.nameMax) ?? name
    inputs = try Self.inputs(fields)
  }

  private static func inputs(_ fields: JSONFields) throws(WireFault) -> [String] {
    guard let value = fields["inputs"] else { return [] }
    guard case .array(let elements) = value else { throw fields.wrongType("inputs", "a list of texts", value) }
    guard elements.count <= inputsMax else {
      throw WireFault(.outOfRange, "try.inputs: expected at most \(inputsMax) lines, got \(elements.count)")
    }
    return try elements.map { element throws(WireFault) in
      guard case .string(let line) = element else { throw fields.wrongType("inputs", "a list of texts", value) }
      guard line.unicodeScalars.count <= WireLimits.textCharactersMax, !line.utf8.contains(0) else {
        throw WireFault(
          .tooLong, "try.inputs: expected lines of at most \(WireLimits.textCharactersMax) characters without NUL")
      }
      return line
    }
  }
}

extension JSONObject {
  /// What `POST /api/flows/try` answers.
  package static func flowDryRun(_ dryRun: FlowDryRun) -> JSONObject {
    JSONObject { writer in
      writer.field("flow", dryRun.machine.currentFlow)
      writer.field("state", dryRun.machine.currentState)
      writer.field("over", dryRun.ending != nil)
      writer.field("reason", dryRun.ending?.reason.rawValue)
      writer.field("outcome", dryRun.ending.flatMap { $0.outcome.isEmpty ? nil : $0.outcome })
      writer.field("tool", document: dryRun.ending == nil ? dryRun.openRequest.map(tool) : nil)
      writer.field("slots", dryRun.machine.slots)
      writer.field("cut", dryRun.isCut)
      writer.objects("entries", dryRun.entries) { writer, entry in
        switch entry {
        case .event(let event):
          let (kind, values) = event.fields
          writer.field("kind", kind)
          for (name, text) in values { writer.field(name.rawValue, text) }
        case .unused(let line, let why):
          writer.field("kind", "unused")
          writer.field("text", line)
          writer.field("why", why)
        }
      }
    }
  }

  private static func tool(_ request: ToolRequest) -> JSONObject {
    JSONObject { writer in
      writer.field("state", request.state)
      writer.field("method", request.method)
      writer.field("url", request.url)
      writer.field("body", request.body)
      writer.list("wanted", request.wanted)
    }
  }
}
