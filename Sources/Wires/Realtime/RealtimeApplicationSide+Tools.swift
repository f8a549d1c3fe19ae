import CallCore
import JSON

/// A session whose model is a language model: its instructions, and the tools that the client calls for it.
extension RealtimeApplicationSide {
  /// Longest result of a tool.
  static let resultBytesMax = 65_536

  /// What the model is told now.
  func tellInstructions(_ handle: (WireEvent) -> Void) {
    guard session.isModel else { return }
    handle(.commanded(.instruct(.session(session.modelSettings))))
  }

  /// What of a response's wishes is for the model alone.
  /// - Throws: what is wrong with them.
  func modelSettings(of fields: RealtimeFields) throws(RealtimeFault) -> ModelRequest? {
    let names = ["instructions", "tools", "tool_choice", "max_output_tokens"]
    guard names.contains(where: { fields[$0] != nil }) else { return nil }
    var next = session
    if let text = try fields.optionalText("instructions", bytesMax: RealtimeSession.instructionBytesMax) {
      next.instructions = text
    }
    if fields["tools"] != nil { next.tools = try RealtimeTools(fields) }
    if let choice = try RealtimeTools.choice(fields) { next.modelChoice = choice }
    if let value = fields["max_output_tokens"] {
      next.maxOutputTokens = value == .string("inf") ? nil : try fields.number("max_output_tokens", 1...1_000_000)
    }
    return next.modelSettings
  }

  /// What the client adds to the conversation, as the model is told of it.
  /// - Throws: when it is of no kind that there is, or answers no call.
  func modelItem(_ type: String, _ id: String, _ fields: RealtimeFields) throws(RealtimeFault) -> (
    ConversationItem, ModelMessage
  ) {
    switch type {
    case "message":
      let item = ConversationItem(id: id, role: try Self.role(fields), content: try Self.content(fields))
      return (item, item.spokenMessage)
    case "function_call_output":
      let call = try fields.text("call_id", bytesMax: 64)
      guard items.wantsCalled(call) else {
        throw RealtimeFault(
          .invalidValue, "item.call_id: there is no function call \(call.quoted) in this conversation",
          param: "item.call_id")
      }
      var item = ConversationItem(id: id, role: .user, content: [])
      let output = try fields.text("output", bytesMax: Self.resultBytesMax)
      item.output = ConversationItem.ToolOutput(call: call, text: output)
      return (item, .toolResult(id: call, output))
    case "function_call":
      var item = ConversationItem(id: id, role: .assistant, content: [])
      let call = ModelToolCall(
        id: try fields.text("call_id", bytesMax: 64), name: try fields.text("name", bytesMax: 64),
        arguments: try fields.text("arguments", bytesMax: Self.resultBytesMax))
      item.call = call
      return (item, .assistant("", calls: [call]))
    default:
      throw RealtimeFault(
        .invalidValue, "item.type: expected message, function_call or function_call_output, got \(type.quoted)",
        param: "item.type")
    }
  }

  /// The model wants these tools called: a response of its own, as what it said before is over.
  func callTools(_ calls: [ModelToolCall]) {
    let active = wanted ?? RealtimeResponse(id: makeID("resp"), itemID: "", modality: session.modality)
    wanted = nil
    sayResponse("response.created", active, .inProgress, output: [])
    var done: [ConversationItem] = []
    for (index, call) in calls.enumerated() {
      var item = ConversationItem(id: makeID("item"), role: .assistant, status: .inProgress, content: [])
      item.call = ModelToolCall(id: call.id, name: call.name, arguments: "")
      items.append(item)
      sayOutput("response.output_item.added", active, item, at: index)
      sayItem("conversation.item.added", item)
      sayArguments("delta", "delta", call, active, item, at: index)
      (item.call, item.status) = (call, .completed)
      items[item.id] = item
      sayArguments("done", "arguments", call, active, item, at: index)
      sayItem("conversation.item.done", item)
      sayOutput("response.output_item.done", active, item, at: index)
      done.append(item)
    }
    sayResponse("response.done", active, .completed, output: done)
  }

  func sayArguments(
    _ event: String, _ member: String, _ call: ModelToolCall, _ response: RealtimeResponse, _ item: ConversationItem,
    at index: Int
  ) {
    say("response.function_call_arguments.\(event)") { writer in
      writer.field("response_id", response.id)
      writer.field("item_id", item.id)
      writer.field("output_index", index)
      writer.field("call_id", call.id)
      writer.field(member, call.arguments)
      if event == "done" { writer.field("name", call.name) }
    }
  }
}

extension RealtimeSession {
  /// What a language model is told: the instructions for a message, and tools and limits.
  var modelSettings: ModelRequest {
    var request = ModelRequest(instructions.isEmpty ? [] : [.system(instructions)])
    request.tools = tools.tools
    request.toolChoice = modelChoice
    request.tokensMax = maxOutputTokens
    return request
  }
}

extension ConversationItem {
  /// What a language model is told of it; `nil` for what it said itself and wants called.
  var message: ModelMessage? {
    if call != nil { return nil }
    if let output { return .toolResult(id: output.call, output.text) }
    return spokenMessage
  }

  /// The same of words.
  var spokenMessage: ModelMessage {
    switch role {
    case .user: .user(text)
    case .assistant: .assistant(text, calls: [])
    case .system: .system(text)
    }
  }

  /// Its words.
  var text: String {
    content.compactMap { part in
      switch part {
      case .inputText(let text), .outputText(let text): text
      case .inputAudio(let text), .outputAudio(let text): text
      }
    }.joined(separator: " ")
  }
}
