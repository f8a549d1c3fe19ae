import CallCore
import JSON

/// One thing that was said in a Realtime conversation.
struct ConversationItem: Equatable {
  /// Who said it.
  enum Role: String { case user, assistant, system }
  /// How it was said.
  enum Content: Equatable {
    /// The caller's speech, with its words once they are known.
    case inputAudio(transcript: String?)
    case inputText(String)
    /// The agent's speech. A truncated one has no words: nobody knows which of them were heard.
    case outputAudio(transcript: String?)
    case outputText(String)
  }
  enum Status: String { case inProgress = "in_progress", completed, incomplete }

  /// What the client says came of a call.
  struct ToolOutput: Equatable {
    var call: String
    var text: String
  }

  var id: String
  var role: Role
  var status = Status.completed
  var content: [Content]
  /// What of the agent's audio it is, and how much was sent of it.
  var utterance: UtteranceID?
  var sent = CallDuration.zero
  /// What the model wants called, where it is such an item.
  var call: ModelToolCall?
  /// What came of a call, where it is such an item.
  var output: ToolOutput?
  /// A typed text that the agent has answered already.
  var isUsed = false

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", id)
    writer.field("object", "realtime.item")
    if let call { return writeCall(call, to: &writer) }
    if let output {
      writer.field("type", "function_call_output")
      writer.field("status", status.rawValue)
      writer.field("call_id", output.call)
      return writer.field("output", output.text)
    }
    writer.field("type", "message")
    writer.field("status", status.rawValue)
    writer.field("role", role.rawValue)
    writer.objects("content", content) { writer, part in
      switch part {
      case .inputAudio(let transcript):
        writer.field("type", "input_audio")
        if let transcript { writer.field("transcript", transcript) }
      case .outputAudio(let transcript):
        writer.field("type", "output_audio")
        if let transcript { writer.field("transcript", transcript) }
      case .inputText(let text):
        writer.field("type", "input_text")
        writer.field("text", text)
      case .outputText(let text):
        writer.field("type", "output_text")
        writer.field("text", text)
      }
    }
  }
}

extension ConversationItem {
  private func writeCall(_ call: ModelToolCall, to writer: inout JSONWriter) {
    writer.field("type", "function_call")
    writer.field("status", status.rawValue)
    writer.field("call_id", call.id)
    writer.field("name", call.name)
    writer.field("arguments", call.arguments)
  }
}

/// The items of a conversation in their order, by id.
struct ConversationItems {
  /// Most items; the oldest is forgotten for another one. A call has at most 500 turns.
  static let countMax = 1024

  private(set) var items: [ConversationItem] = []

  subscript(id: String) -> ConversationItem? {
    get { place(of: id).map { items[$0] } }
    set {
      guard let place = place(of: id), let newValue else { return }
      items[place] = newValue
    }
  }

  var last: ConversationItem? { items.last }

  /// The one before an item; `nil` when it is the first, or unknown.
  func predecessor(of id: String) -> String? {
    guard let place = place(of: id), place > 0 else { return nil }
    return items[place - 1].id
  }

  func contains(_ id: String) -> Bool { place(of: id) != nil }

  /// Whether there is a call of this id.
  func wantsCalled(_ call: String) -> Bool { items.contains { $0.call?.id == call } }

  mutating func append(_ item: ConversationItem) {
    if items.count == Self.countMax { items.removeFirst() }
    items.append(item)
  }

  /// - Parameter previous: its predecessor; `nil`: it is to be the first.
  mutating func insert(_ item: ConversationItem, after previous: String?) {
    if items.count == Self.countMax { items.removeFirst() }
    items.insert(item, at: previous.flatMap { place(of: $0).map { $0 + 1 } } ?? 0)
  }

  mutating func remove(_ id: String) { items.removeAll { $0.id == id } }

  /// The latest are asked for most.
  private func place(of id: String) -> Int? { items.lastIndex { $0.id == id } }
}
