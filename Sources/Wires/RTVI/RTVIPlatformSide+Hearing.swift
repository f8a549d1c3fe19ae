import CallCore
import JSON

/// What the bot tells of the caller, and the tools that it calls.
extension RTVIPlatformSide {
  /// Most calls of tools that are kept.
  private static let toolCallsMax = 256
  /// Longest arguments that are kept, in characters.
  private static let argumentsMax = 16_384

  // MARK: - The caller

  /// - Returns: false when it is no message about the caller.
  func receiveOfCaller(
    _ type: String, _ data: JSONFields, _ handle: (PlatformEvent) -> Void
  ) throws(WireFault) -> Bool {
    switch type {
    case "vad-user-started-speaking", "vad-user-stopped-speaking":
      hasVAD = true
      callerSpeaks(type == "vad-user-started-speaking", handle)
    case "user-started-speaking", "user-stopped-speaking":
      // It follows the detector by rules of the bot's own, and says the same once more.
      if !hasVAD { callerSpeaks(type == "user-started-speaking", handle) }
    case "user-input":
      hasUserInput = true
      if data.textIfAny("input_type") != "chat" { try receiveWords(data, handle) }
    case "user-transcription":
      // The name of before RTVI 2.2; a newer bot sends both.
      if !hasUserInput { try receiveWords(data, handle) }
    default: return false
    }
    return true
  }

  private func callerSpeaks(_ isStart: Bool, _ handle: (PlatformEvent) -> Void) {
    guard isStart != isCallerSpeaking else { return }
    isCallerSpeaking = isStart
    if isStart {
      (turns, hasTranscript, callerSpokeAt) = (turns + 1, false, now)
    }
    handle(.told(.speech(started: isStart, at: now)))
  }

  /// Words of the caller; each final piece counts as a turn of its own, as one that comes again under the same number would replace it.
  private func receiveWords(_ data: JSONFields, _ handle: (PlatformEvent) -> Void) throws(WireFault) {
    if case .bool(false)? = data["final"] { return }
    let text = try data.text("text").bounded(to: Self.textMax)
    if hasTranscript || turns == 0 { turns += 1 }
    hasTranscript = true
    let entry = TranscriptEntry(
      turn: TurnID(turns), role: .caller, text: text, at: callerSpokeAt ?? now, source: .speech, playedText: text)
    handle(.told(.transcript(TranscriptNotice(entry, isFinal: true))))
  }

  // MARK: - Tools

  /// - Returns: false when it is no message about a tool.
  func receiveOfTools(_ type: String, _ data: JSONFields, _ handle: (PlatformEvent) -> Void) -> Bool {
    switch type {
    case "llm-function-call-started": break
    case "llm-function-call-in-progress":
      if let id = toolID(data), runningTools.count < Self.toolCallsMax { runningTools.insert(id) }
      call(data, "arguments", handle)
    case "llm-function-call":  // the name of before 1.0
      call(data, "args", handle)
    case "llm-function-call-stopped":
      if let id = toolID(data) { runningTools.remove(id) }
    default: return false
    }
    return true
  }

  private func toolID(_ data: JSONFields) -> String? {
    data.textIfAny("tool_call_id")?.bounded(to: WireLimits.nameCharactersMax)
  }

  private func call(_ data: JSONFields, _ member: String, _ handle: (PlatformEvent) -> Void) {
    guard let name = data.textIfAny("function_name"), !name.isEmpty else {
      return note(.toolWithoutName, "a tool was called without its name; the bot's function_call_report_level hides it")
    }
    guard toolCallCount < Self.toolCallsMax else {
      return note(.tooManyTools, "more than \(Self.toolCallsMax) calls of tools; the rest is not kept")
    }
    toolCallCount += 1
    var arguments = ""
    if let value = data[member] {
      var writer = JSONWriter()
      writer.value(value)
      arguments = String(decoding: writer.bytes, as: UTF8.self)
    }
    handle(
      .calledTool(
        ToolCall(
          name: name.bounded(to: WireLimits.nameCharactersMax), arguments: arguments.bounded(to: Self.argumentsMax))))
  }
}
