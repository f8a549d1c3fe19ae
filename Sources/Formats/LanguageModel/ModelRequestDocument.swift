public import CallCore
public import JSON

/// A question to a language model as JSON of our own, with its members always in the same order: the same question always gives the same bytes.
/// Which model is asked, where, and with which key is not in it.
public struct ModelRequestDocument: JSONDocument {
  /// The question.
  public var request: ModelRequest

  /// The document of a question.
  public init(_ request: ModelRequest) { self.request = request }

  /// Writes what differs from a plain question for words.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.objects("messages", request.messages) { $1.writeMembers(to: &$0) }
    if !request.tools.isEmpty {
      writer.objects("tools", request.tools) { writer, tool in
        writer.field("name", tool.name)
        writer.field("about", tool.about)
        writer.field("parameters", tool.parameters)
      }
    }
    switch request.toolChoice {
    case .automatic: break
    case .none: writer.field("toolChoice", "none")
    case .required: writer.field("toolChoice", "required")
    case .named(let name): writer.field("tool", name)
    }
    if let form = request.answerForm {
      writer.object("answerForm") { writer in
        writer.field("name", form.name)
        writer.field("schema", form.schema)
      }
    }
    if let hundredths = request.temperatureHundredths { writer.field("temperatureHundredths", hundredths) }
    if let hundredths = request.topPHundredths { writer.field("topPHundredths", hundredths) }
    if let seed = request.seed { writer.field("seed", seed) }
    if let tokens = request.tokensMax { writer.field("tokensMax", tokens) }
    if !request.stop.isEmpty { writer.list("stop", request.stop) }
  }

  /// - Parameter fields: as `writeMembers` wrote them.
  /// - Throws: what is missing or of a wrong kind.
  package init(_ fields: JSONFields) throws(WireFault) {
    var request = ModelRequest(
      try fields.list("messages") { fields throws(WireFault) in try ModelMessage(fields) })
    if fields["tools"] != nil {
      request.tools = try fields.list("tools") { fields throws(WireFault) in
        ModelTool(
          name: try fields.text("name"), about: try fields.text("about"), parameters: try fields.text("parameters"))
      }
    }
    switch try fields.optionalText("toolChoice") {
    case "none": request.toolChoice = .none
    case "required": request.toolChoice = .required
    default: if let name = try fields.optionalText("tool") { request.toolChoice = .named(name) }
    }
    if fields["answerForm"] != nil {
      let form = try fields.object("answerForm")
      request.answerForm = ModelAnswerForm(name: try form.text("name"), schema: try form.text("schema"))
    }
    request.temperatureHundredths = try fields.optionalNumber("temperatureHundredths", 0...200)
    request.topPHundredths = try fields.optionalNumber("topPHundredths", 1...100)
    request.seed = try fields.optionalSeed("seed")
    request.tokensMax = try fields.optionalNumber("tokensMax", 1...1_000_000)
    if fields["stop"] != nil { request.stop = try fields.textList("stop") }
    self.request = request
  }
}

extension ModelMessage {
  fileprivate func writeMembers(to writer: inout JSONWriter) {
    switch self {
    case .system(let text): write("system", text, to: &writer)
    case .user(let text): write("user", text, to: &writer)
    case .assistant(let text, let calls):
      write("assistant", text, to: &writer)
      guard !calls.isEmpty else { return }
      writer.objects("calls", calls) { writer, call in
        writer.field("id", call.id)
        writer.field("name", call.name)
        writer.field("arguments", call.arguments)
      }
    case .toolResult(let id, let text):
      write("tool", text, to: &writer)
      writer.field("call", id)
    }
  }

  private func write(_ role: String, _ text: String, to writer: inout JSONWriter) {
    writer.field("role", role)
    writer.field("text", text)
  }

  fileprivate init(_ fields: JSONFields) throws(WireFault) {
    let text = try fields.text("text")
    switch try fields.text("role") {
    case "system": self = .system(text)
    case "user": self = .user(text)
    case "assistant":
      let calls =
        fields["calls"] == nil
        ? []
        : try fields.list("calls") { fields throws(WireFault) in
          ModelToolCall(
            id: try fields.text("id"), name: try fields.text("name"), arguments: try fields.text("arguments"))
        }
      self = .assistant(text, calls: calls)
    case "tool": self = .toolResult(id: try fields.text("call"), text)
    case let role: throw fields.outOfRange("role", "system, user, assistant or tool", .string(role))
    }
  }
}

extension ModelDelta {
  /// Writes its members.
  func writeMembers(to writer: inout JSONWriter) {
    switch self {
    case .text(let text): writer.field("text", text)
    case .toolCall(let piece):
      writer.field("call", piece.index)
      if let id = piece.id { writer.field("id", id) }
      if let name = piece.name { writer.field("name", name) }
      writer.field("arguments", piece.arguments)
    case .finish(let reason): writer.field("finish", reason.rawValue)
    case .usage(let usage):
      writer.field("promptTokens", usage.promptTokens)
      writer.field("answerTokens", usage.answerTokens)
    }
  }

  /// - Parameter fields: as `writeMembers` wrote them.
  init(_ fields: JSONFields) throws(WireFault) {
    if let text = try fields.optionalText("text") {
      self = .text(text)
    } else if let finish = try fields.optionalChoice("finish", of: ModelFinish.allCases) {
      self = .finish(finish)
    } else if fields["promptTokens"] != nil {
      self = .usage(
        ModelUsage(
          promptTokens: try fields.number("promptTokens", 0...WireLimits.countMax),
          answerTokens: try fields.number("answerTokens", 0...WireLimits.countMax)))
    } else {
      self = .toolCall(
        ModelToolCallPiece(
          index: try fields.number("call", 0...WireLimits.countMax), id: try fields.optionalText("id"),
          name: try fields.optionalText("name"), arguments: try fields.text("arguments")))
    }
  }
}
