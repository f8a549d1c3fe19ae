public import CallCore
import JSON

/// The agent's responses, their items and their words, and what is played of them.
extension RealtimePlatformSide {
  /// Reads an event of a response or its parts.
  /// - Returns: false when it is none.
  func receiveOfResponse(
    _ type: String, _ event: JSONFields, _ queue: inout PlayoutQueue, _ write: (String) -> Void,
    _ handle: (PlatformEvent) -> Void
  ) throws(WireFault) -> Bool {
    switch type {
    case "response.created": begin(try event.object("response"))
    case "response.done": try receiveDone(event.object("response"), &queue, write, handle)
    case "conversation.item.done":
      if let place = place(of: try Self.itemID(event)) {
        items[place].isDone = true
        try readItem(event.object("item"), place)
        endItem(place, &queue)
      }
    case "response.output_item.added", "response.output_item.done":
      try receiveOutputItem(event, isDone: type.hasSuffix("done"), &queue)
    case "response.content_part.added", "response.content_part.done": checkPart(event)
    case "response.output_audio.delta":
      let text = Array(try event.text("delta").utf8)
      let place = try named(event)
      text.span.bytes.withUnsafeBytes { receive($0, of: place, &queue) }
    case "response.output_audio.done":
      let place = try named(event)
      items[place].isAudioDone = true
      if items[place].isTextDone { endItem(place, &queue) }
    case "response.output_audio_transcript.delta": addWords(try event.text("delta"), try named(event), handle)
    case "response.output_audio_transcript.done":
      let place = try named(event)
      items[place].isTextDone = true
      if let text = try event.optionalText("transcript") { setWords(text, place) }
      if items[place].isAudioDone { endItem(place, &queue) }
    case "response.function_call_arguments.done": try receiveArguments(event)
    case "response.output_text.delta", "response.output_text.done", "response.function_call_arguments.delta":
      touch(try named(event))
    default: return type.hasPrefix("response.mcp_call")
    }
    return true
  }

  static func itemID(_ event: JSONFields) throws(WireFault) -> String {
    try event.object("item").text("id", 1...idCharactersMax)
  }

  private func place(of id: String) -> Int? { items.lastIndex { $0.id == id } }

  /// The item that an event of a response names.
  private func named(_ event: JSONFields) throws(WireFault) -> Int {
    let id = try event.text("item_id", 1...Self.idCharactersMax)
    let response = try event.text("response_id", 1...Self.idCharactersMax)
    if place(of: id) == nil {
      note(.unknownItem, "\(event.place) names the item \(id.quoted), which nothing announced")
    }
    let place = item(id, of: response)
    touch(place)
    return place
  }

  private func touch(_ place: Int) { responses[items[place].response].lastAt = now }

  // MARK: - A response

  private func begin(_ fields: JSONFields) {
    let id = (fields.textIfAny("id") ?? "").bounded(to: Self.idCharactersMax)
    // One beside the conversation may run with another.
    let isBeside = fields.memberNames.contains("conversation_id") && fields["conversation_id"] == nil
    if isActive, !isBeside {
      note(.twoResponses, "\(id.quoted) was created while another response was under way")
    }
    let place = response(id)
    responses[place].isCreated = true
    responses[place].lastAt = now
  }

  private func receiveDone(
    _ fields: JSONFields, _ queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void
  ) throws(WireFault) {
    let id = (fields.textIfAny("id") ?? "").bounded(to: Self.idCharactersMax)
    let isCompleted = (fields.textIfAny("status") ?? "completed") == "completed"
    if case .array(let output)? = fields["output"] {
      for value in output {
        let item = try JSONFields(value, place: "response.done.output")
        guard let itemID = item.textIfAny("id")?.bounded(to: Self.idCharactersMax) else { continue }
        try readItem(item, self.item(itemID, of: id))
      }
    }
    let place = response(id)
    if !responses[place].isCreated { noteNotCreated(id) }
    if isCompleted { checkParts(of: place) }
    endResponse(place, isBroken: !isCompleted, &queue, write, handle)
  }

  /// A response is over, or is taken to be. What a broken one called is not done: its arguments may be half of what they were to be, and nobody
  /// waits for the answer.
  func endResponse(
    _ place: Int, isBroken: Bool, _ queue: inout PlayoutQueue, _ write: (String) -> Void,
    _ handle: (PlatformEvent) -> Void
  ) {
    responses[place].isDone = true
    for item in items.indices where items[item].response == place {
      items[item].isBroken = isBroken
      endItem(item, &queue)
    }
    if !isBroken, answerCalls(of: place, write, handle) {
      askForResponse(again: true, write)
    } else {
      if responses[place].audioBytes > 0, responses[place].cutAt == nil, !queue.append(mark: "d") { noteQueueFull() }
      askAgainIfWanted(write)
    }
  }

  /// What was to come of a response that is complete.
  private func checkParts(of place: Int) {
    for item in items where item.response == place && item.kind != .other {
      if !item.isDone { note(.itemNotDone, "\(item.id.quoted) was not ended by conversation.item.done") }
      if !item.isOutputDone { note(.outputItemNotDone, "\(item.id.quoted) was not ended by response.output_item.done") }
      if let utterance = item.utterance, utterance.receivedBytes > 0 {
        if !item.isAudioDone { note(.audioNotDone, "\(item.id.quoted) was not ended by response.output_audio.done") }
        if item.text.isEmpty { note(.noTranscript, "\(item.id.quoted) has audio and no transcript") }
      } else if item.kind == .message, responses[place].cutAt == nil {
        note(.noAudio, "\(item.id.quoted) has no audio; a caller hears nothing of it")
      }
    }
  }

  // MARK: - Items

  private func receiveOutputItem(_ event: JSONFields, isDone: Bool, _ queue: inout PlayoutQueue) throws(WireFault) {
    let fields = try event.object("item")
    let id = try fields.text("id", 1...Self.idCharactersMax)
    let place = item(id, of: try event.text("response_id", 1...Self.idCharactersMax))
    touch(place)
    if isDone { items[place].isOutputDone = true } else { items[place].isOutputAdded = true }
    try readItem(fields, place)
    if isDone { endItem(place, &queue) }
  }

  /// What an item says of itself: its words, or the tool that it calls.
  private func readItem(_ fields: JSONFields, _ place: Int) throws(WireFault) {
    switch fields.textIfAny("type") {
    case "message", nil: items[place].kind = .message
    case "function_call":
      items[place].kind = .call
      return try readCall(fields, place)
    default: items[place].kind = .other
    }
    guard items[place].text.isEmpty, case .array(let parts)? = fields["content"] else { return }
    let words = parts.compactMap { $0.text(at: "transcript") }.joined(separator: " ")
    if !words.isEmpty { setWords(words, place) }
  }

  private func checkPart(_ event: JSONFields) {
    guard let type = event["part"]?.text(at: "type"), type != "audio", type != "text" else { return }
    note(
      .partType, "\(event.place).part.type is \(type.quoted), expected audio or text; clients that validate reject it")
  }

  private func setWords(_ text: String, _ place: Int) {
    items[place].words = BoundedText(text, charactersMax: Self.textMax)
  }

  private func addWords(_ text: String, _ place: Int, _ handle: (PlatformEvent) -> Void) {
    items[place].words.append(text)
    if items[place].utterance?.playback == .playing { handle(.says(items[place].text)) }
  }

  // MARK: - What is played

  /// An item begins to be played, was played to its end, or its response was.
  public func reached(_ mark: String, at now: Timestamp, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void) {
    if mark == "d" { return handle(.finished) }
    guard let (number, isStart) = PlayedUtterance.read(mark),
      let place = items.lastIndex(where: { $0.utterance?.number == number })
    else { return }
    if isStart {
      items[place].utterance?.start()
      tell(place, at: now, handle)
    } else {
      items[place].utterance?.playOut()
      finishUtterance(place, isCut: items[place].isBroken, at: now, handle)
    }
  }

  private func finishUtterance(_ place: Int, isCut: Bool, at now: Timestamp, _ handle: (PlatformEvent) -> Void) {
    if items[place].utterance?.finish(isCut: isCut) == true { tell(place, at: now, handle) }
  }

  private func tell(_ place: Int, at now: Timestamp, _ handle: (PlatformEvent) -> Void) {
    guard let utterance = items[place].utterance else { return }
    handle(utterance.notice(items[place].text, format, at: now))
  }

  /// Drops what is not played, and tells the server how much of each item was: never more than came.
  func cutOff(_ queue: inout PlayoutQueue, _ write: (String) -> Void, _ handle: (PlatformEvent) -> Void) {
    settlePlayed(queue.position)
    var isCut = queue.queuedBytes > 0
    for place in responses.indices where !responses[place].isDone && responses[place].cutAt == nil {
      responses[place].cutAt = now
      isCut = isCut || responses[place].audioBytes > 0
    }
    _ = queue.clear()
    playback.removeAll()
    for place in items.indices {
      guard let utterance = items[place].utterance, utterance.playback != .over else { continue }
      isCut = true
      truncate(place, utterance, write)
      finishUtterance(place, isCut: true, at: now, handle)
      items[place].utterance?.drop()
    }
    if isCut { handle(.cleared) }
  }

  private func truncate(_ place: Int, _ utterance: PlayedUtterance, _ write: (String) -> Void) {
    let played = min(utterance.playedBytes, utterance.receivedBytes)
    write(
      event("conversation.item.truncate") { writer in
        writer.field("item_id", items[place].id)
        writer.field("content_index", 0)
        writer.field("audio_end_ms", format.duration(ofBytes: played).milliseconds)
      })
  }

  /// What is being said when the call ends was heard so far.
  public func finish(at now: Timestamp, of queue: borrowing PlayoutQueue, _ handle: (PlatformEvent) -> Void) {
    settlePlayed(queue.position)
    for place in items.indices { finishUtterance(place, isCut: true, at: now, handle) }
  }
}
