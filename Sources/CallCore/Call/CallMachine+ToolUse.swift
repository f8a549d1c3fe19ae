/// What a language model does with its tools, for the record and the client.
extension CallMachine {
  /// A tool is used, or its result is there.
  mutating func noteToolUse(_ use: ModelToolUse, at now: Timestamp, into actions: inout [CallAction]) {
    if let index = openToolCalls.removeValue(forKey: use.call) {
      return closeToolCall(index, use.state, use.detail, at: now, into: &actions)
    }
    guard record.toolCalls.count < limits.toolCallsMax else {
      record.toolCallsDropped += 1
      return
    }
    if use.state == .called { openToolCalls[use.call] = record.toolCalls.count }
    let entry = ToolCallEntry(
      number: record.toolCalls.count + 1, turn: turn?.id ?? TurnID(record.turns), at: now, name: use.name,
      arguments: use.arguments, state: use.state, duration: use.state == .called ? nil : .zero, detail: use.detail)
    record.toolCalls.append(entry)
    actions.append(.report(.toolUsed(entry)))
  }

  /// The client was asked to call these tools of its own. What it says of them comes by `noteResult`, or never.
  mutating func noteClientCalls(_ calls: [ModelToolCall], at now: Timestamp, into actions: inout [CallAction]) {
    for call in calls { noteToolUse(ModelToolUse(call, known: nil), at: now, into: &actions) }
  }

  /// The client told what came of a call: that is between it and the model.
  mutating func noteResult(of call: String, at now: Timestamp, into actions: inout [CallAction]) {
    guard let index = openToolCalls.removeValue(forKey: call) else { return }
    closeToolCall(index, .done, "answered by the client", at: now, into: &actions)
  }

  /// Nothing comes any more of what goes on.
  mutating func closeToolCalls(at now: Timestamp, into actions: inout [CallAction]) {
    let open = openToolCalls.values.sorted()
    openToolCalls = [:]
    for index in open { closeToolCall(index, .failed, "the call ended first", at: now, into: &actions) }
  }

  /// The flow forgets what it did since the turn's words were known: the caller goes on.
  mutating func takeBackToolCalls(of turn: TurnID, into actions: inout [CallAction]) {
    for index in record.toolCalls.indices.reversed() where record.toolCalls[index].turn == turn {
      guard record.toolCalls[index].state == .done else { continue }
      record.toolCalls[index].state = .failed
      record.toolCalls[index].detail = "taken back: the caller went on"
      actions.append(.report(.toolUsed(record.toolCalls[index])))
    }
  }

  private mutating func closeToolCall(
    _ index: Int, _ state: ToolCallEntry.State, _ detail: String, at now: Timestamp, into actions: inout [CallAction]
  ) {
    record.toolCalls[index].state = state
    record.toolCalls[index].duration = now - record.toolCalls[index].at
    record.toolCalls[index].detail = detail
    actions.append(.report(.toolUsed(record.toolCalls[index])))
  }
}
