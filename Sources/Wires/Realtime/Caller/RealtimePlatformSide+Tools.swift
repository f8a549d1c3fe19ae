import CallCore
import JSON

/// The agent's calls of tools: the caller's side answers them, as the program would in which the agent is embedded.
extension RealtimePlatformSide {
  /// Longest arguments that are kept, in characters.
  private static let argumentsMax = 16_384

  func receiveArguments(_ event: JSONFields) throws(WireFault) {
    let id = try event.text("item_id", 1...Self.idCharactersMax)
    let place = item(id, of: try event.text("response_id", 1...Self.idCharactersMax))
    responses[items[place].response].lastAt = now
    if event.textIfAny("name") == nil {
      note(.callWithoutName, "response.function_call_arguments.done has no name; openai-agents reports an error")
    }
    items[place].kind = .call
    try readCall(event, place)
    items[place].call?.hasArguments = true
  }

  /// What an event or an item says of a call.
  func readCall(_ fields: JSONFields, _ place: Int) throws(WireFault) {
    guard let id = fields.textIfAny("call_id") else { return }
    var call = items[place].call ?? AgentItem.Call(id: id.bounded(to: Self.idCharactersMax))
    if let name = fields.textIfAny("name") { call.name = name.bounded(to: WireLimits.nameCharactersMax) }
    if let arguments = fields.textIfAny("arguments"), !arguments.isEmpty {
      call.arguments = arguments.bounded(to: Self.argumentsMax)
    }
    items[place].call = call
  }

  /// Answers what a response called.
  /// - Returns: whether it called anything, so that the agent is to go on.
  func answerCalls(of response: Int, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void) -> Bool {
    var hasCalls = false
    for place in items.indices where items[place].response == response {
      guard let call = items[place].call, !call.isAnswered else { continue }
      toolCallCount += 1
      hasCalls = true
      items[place].call?.isAnswered = true
      if !call.hasArguments {
        note(.argumentsNotDone, "\(call.name.quoted) was called without response.function_call_arguments.done")
      }
      answer(call, write, handle)
    }
    return hasCalls
  }

  private func answer(_ call: AgentItem.Call, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void) {
    let isKept = toolCallCount <= Self.toolCallsMax
    if isKept {
      handle(.calledTool(ToolCall(name: call.name, arguments: call.arguments)))
    } else {
      note(
        .tooManyTools, "more than \(Self.toolCallsMax) calls of tools; the rest is not kept, and answered by an error")
    }
    write(
      event("conversation.item.create") { writer in
        writer.object("item") { writer in
          writer.field("type", "function_call_output")
          writer.field("call_id", call.id)
          writer.field("output", isKept ? settings.output(of: call.name) : Self.tooManyOutput)
        }
      })
  }

  private static let tooManyOutput = #"{"error":"this call has called \#(toolCallsMax) tools, and may call no more"}"#
}

extension RealtimeCallSettings.Tool {
  /// The schema of its arguments; one that is none takes anything.
  fileprivate var schema: JSONValue {
    do throws(JSONFault) { return try JSONValue(parsing: parameters) } catch {
      return .object(["type": .string("object")])
    }
  }
}

extension RealtimeCallSettings {
  /// What a call of a tool gives.
  func output(of name: String) -> String {
    tools[name]?.output
      ?? #"{"error":"there is no such tool here: this is a test call, and its target states no output of it"}"#
  }
  /// The members of `session` in `session.update`: what is not named stays as the server has it.
  func writeSession(to writer: inout JSONWriter) {
    writer.field("type", "realtime")
    writer.list("output_modalities", ["audio"])
    if let instructions { writer.field("instructions", instructions) }
    let declared = tools.filter { !$1.description.isEmpty || !$1.parameters.isEmpty }.sorted { $0.key < $1.key }
    if !declared.isEmpty {
      writer.objects("tools", declared) { writer, entry in
        let (name, tool) = (entry.key, entry.value)
        writer.field("type", "function")
        writer.field("name", name)
        writer.field("description", tool.description)
        writer.field("parameters", tool.schema)
      }
    }
    writer.object("audio") { writer in
      writer.object("input") { writer in
        writeFormat(to: &writer)
        writer.object("transcription") { $0.field("model", "gpt-4o-mini-transcribe") }
        writer.object("turn_detection") { writer in
          writer.field("type", "server_vad")
          writer.field("create_response", true)
          writer.field("interrupt_response", true)
        }
      }
      writer.object("output", writeFormat)
    }
  }

  private func writeFormat(to writer: inout JSONWriter) {
    writer.object("format") { writer in
      writer.field("type", format.realtimeName)
      if format.codec == .pcm16 { writer.field("rate", format.sampleRate) }
    }
  }
}
