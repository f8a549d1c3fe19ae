import CallCore
import JSON

/// The client's own changes of the conversation.
extension RealtimeApplicationSide {
  /// Longest text of an item.
  private static let textBytesMax = 16_384

  func createItem(_ event: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    guard let fields = try event.object("item") else {
      throw RealtimeFault(.missingParameter, "item: expected an object, got nothing", param: "item")
    }
    let type = try fields.text("type")
    guard type == "message" || session.isModel else {
      throw RealtimeFault(
        .needsLanguageModel,
        "item.type: this session runs an agent flow and takes messages only; a \(type.quoted) is for a language model",
        param: "item.type")
    }
    let id = try fields.optionalText("id", bytesMax: 64) ?? makeID("item")
    guard !items.contains(id) else {
      throw RealtimeFault(.duplicateItem, "item.id: there is an item \(id.quoted) already", param: "item.id")
    }
    var item: ConversationItem
    var message: ModelMessage?
    if session.isModel {
      (item, message) = try modelItem(type, id, fields)
      item.isUsed = true
    } else {
      item = ConversationItem(id: id, role: try Self.role(fields), content: try Self.content(fields))
    }
    switch try event.optionalText("previous_item_id") {
    case nil: items.append(item)
    case "root": items.insert(item, after: nil)
    case let previous?:
      guard items.contains(previous) else {
        throw RealtimeFault(
          .badPreviousItem, "previous_item_id: there is no item \(previous.quoted)", param: "previous_item_id")
      }
      items.insert(item, after: previous)
    }
    sayItem("conversation.item.added", item)
    sayItem("conversation.item.done", item)
    if let message { handle(.commanded(.instruct(.message(message)))) }
  }

  static func role(_ fields: RealtimeFields) throws(RealtimeFault) -> ConversationItem.Role {
    switch try fields.choice("role", of: ["user", "assistant", "system", "developer"]) {
    case "user": return .user
    case "assistant": return .assistant
    case nil: throw RealtimeFault(.missingParameter, "item.role: expected a text, got nothing", param: "item.role")
    default: return .system
    }
  }

  static func content(_ fields: RealtimeFields) throws(RealtimeFault) -> [ConversationItem.Content] {
    guard let value = fields["content"] else { return [] }
    guard case .array(let list) = value else { throw fields.wrongType("content", "a list", value) }
    var (parts, left): ([ConversationItem.Content], Int) = ([], textBytesMax)
    for (index, value) in list.enumerated() {
      let part = try RealtimeFields(value, place: "item.content[\(index)]")
      let type = try part.text("type")
      guard ["input_text", "output_text", "output_audio", "text"].contains(type) else {
        throw RealtimeFault(
          .unsupportedContent,
          "\(part.place).type: expected input_text, got \(type.quoted); audio comes by "
            + "input_audio_buffer.append", param: "\(part.place).type")
      }
      let text = try part.text(type == "output_audio" ? "transcript" : "text", bytesMax: left)
      left -= text.utf8.count
      parts.append(type == "input_text" ? .inputText(text) : .outputText(text))
    }
    return parts
  }

  /// What the client typed last and the agent has not answered; marks it as answered.
  func takeTypedText() -> String? {
    guard let item = items.last, item.role == .user, !item.isUsed else { return nil }
    let text = item.content.compactMap { if case .inputText(let text) = $0 { text } else { nil } }.joined(
      separator: " "
    )
    .bounded(to: WireLimits.textCharactersMax)
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    items[item.id]?.isUsed = true
    return text
  }

  func deleteItem(_ event: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    let id = try event.text("item_id")
    guard let item = items[id] else { throw Self.unknown(id, .deleteUnknownItem) }
    items.remove(id)
    // Some clients say so that nothing of it was heard.
    if let utterance = item.utterance {
      handle(.played(utterance, .zero))
      if session.isModel { handle(.commanded(.instruct(.forget(.assistant(item.text, calls: []))))) }
    } else if session.isModel, let message = item.message {
      handle(.commanded(.instruct(.forget(message))))
    }
    say("conversation.item.deleted") { $0.field("item_id", id) }
  }

  func retrieveItem(_ event: RealtimeFields) throws(RealtimeFault) {
    let id = try event.text("item_id")
    guard let item = items[id] else { throw Self.unknown(id, .retrieveUnknownItem) }
    say("conversation.item.retrieved") { $0.object("item", item.writeMembers) }
  }

  /// The client says how much of the agent's audio it has played. More than there is counts as all of it, and so does a word that comes
  /// late: clients reckon by clocks of their own.
  func truncateItem(_ event: RealtimeFields, _ handle: (WireEvent) -> Void) throws(RealtimeFault) {
    let id = try event.text("item_id")
    let index = try event.number("content_index", 0...WireLimits.countMax) ?? 0
    guard let end = try event.number("audio_end_ms", 0...WireLimits.millisecondsMax) else {
      throw RealtimeFault(
        .missingParameter, "audio_end_ms: expected a whole number of milliseconds, got nothing", param: "audio_end_ms")
    }
    guard var item = items[id] else { throw Self.unknown(id, .truncateUnknownItem) }
    guard item.role == .assistant else {
      throw RealtimeFault(.unsupportedContent, "Only model output audio messages can be truncated", param: "item_id")
    }
    let sent = response?.itemID == id ? response?.sent ?? .zero : item.sent
    let played = min(CallDuration.milliseconds(end), sent)
    item.content = item.content.map { if case .outputAudio = $0 { .outputAudio(transcript: nil) } else { $0 } }
    items[id] = item
    say("conversation.item.truncated") { writer in
      writer.field("item_id", id)
      writer.field("content_index", index)
      writer.field("audio_end_ms", played.milliseconds)
    }
    if let utterance = item.utterance { handle(.played(utterance, played)) }
  }

  private static func unknown(_ id: String, _ code: RealtimeFault.Code) -> RealtimeFault {
    RealtimeFault(code, "item_id: there is no item \(id.quoted)", param: "item_id")
  }

  /// Says an event about an item and its place.
  func sayItem(_ type: String, _ item: ConversationItem) {
    say(type) { [items] writer in
      writer.field("previous_item_id", items.predecessor(of: item.id))
      writer.object("item", item.writeMembers)
    }
  }
}
