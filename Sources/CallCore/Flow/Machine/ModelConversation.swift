import JSON

/// What the caller and a language model said to each other in a call, and what the model called. One for all such states of a flow, so that
/// the model remembers what was said before it sent the caller through other states.
package struct ModelConversation: Sendable {
  /// The oldest first, without what the model is told to be.
  package private(set) var messages: [ModelMessage] = []
  /// Turns that the caller took.
  private(set) var turns = 0
  /// Questions to the model since the caller spoke.
  var rounds = 0
  /// Answers in a row that held nothing.
  var emptyAnswers = 0
  /// When it began; `nil` before that.
  var begun: Timestamp?
  /// Calls of the last answer that nothing was done about yet.
  var calls: [ModelToolCall] = []
  /// What the agent asked last, to be asked again where the caller says nothing.
  var question = ""
  /// The state that the model wants to go to when all its calls are done, by the tool of this name.
  var departure: (state: String, tool: String)?
  /// The call that led away, and what the slots held then.
  var away: (call: String, slots: [String: String])?
  private var callCount = 0
  /// The utterance that was cut off last, and its messages.
  private var cut: CutUtterance?

  private struct CutUtterance {
    var whole: String
    /// Words before those of the messages.
    var wordsBefore: Int
    var parts: [(index: Int, words: [String])]
  }

  /// Questions to the model without a word of the caller between them: a model that does nothing but call tools is at fault.
  static let roundsMax = 8
  /// Calls of one answer; what is beyond them is refused.
  static let callsMax = 8
  /// Messages that are kept; the oldest turns are forgotten first.
  package static let messagesMax = 300
  /// Characters of a call's result.
  static let resultMax = 4000

  /// Nothing yet.
  package init() {}

  /// The caller did something.
  package mutating func add(caller text: String) {
    append(.user(text))
    turns += 1
    (rounds, emptyAnswers) = (0, 0)
  }

  /// The agent says something, whoever thought of it; `trimReply` may make less of it.
  /// - Parameter calls: what the model wants called, each with a number of this conversation for its id.
  package mutating func add(agent text: String, calls: [ModelToolCall] = []) {
    let numbered = calls.map { ModelToolCall(id: newCallID(), name: $0.name, arguments: $0.arguments) }
    guard !text.isEmpty || !numbered.isEmpty else { return }
    append(.assistant(text, calls: numbered))
    cut = nil  // another utterance may have the same words
    self.calls = Array(numbered.prefix(Self.callsMax))
    for call in numbered.dropFirst(Self.callsMax) {
      add(result: ToolResultText.failed("not called: at most \(Self.callsMax) at once"), of: call.id)
    }
  }

  /// A message of somebody who writes the conversation himself.
  mutating func add(_ message: ModelMessage) {
    append(message)
  }

  private mutating func append(_ message: ModelMessage) {
    if messages.count >= Self.messagesMax { forgetOldest() }
    messages.append(message)
  }

  /// The last message like this is not told any more.
  mutating func forget(_ message: ModelMessage) {
    guard let index = messages.lastIndex(of: message) else { return }
    messages.remove(at: index)
    cut = nil
  }

  /// The messages, each call with exactly one result right behind it: one that never came was given up, and one of no call is left out.
  var answeredMessages: [ModelMessage] {
    var results: [String: String] = [:]
    for case .toolResult(let id, let text) in messages { results[id] = text }
    return told.flatMap { message -> [ModelMessage] in
      switch message {
      case .toolResult: []
      case .assistant(_, let calls):
        [message] + calls.map { .toolResult(id: $0.id, results[$0.id] ?? ToolResultText.failed("nobody answered")) }
      case .system, .user: [message]
      }
    }
  }

  /// A number that no call has, not even one that a client wrote.
  private mutating func newCallID() -> String {
    let known = Set(
      messages.flatMap { message -> [String] in
        if case .assistant(_, let calls) = message { calls.map(\.id) } else { [] }
      })
    repeat { callCount += 1 } while known.contains("call-\(callCount)")
    return "call-\(callCount)"
  }

  /// What came of a call.
  package mutating func add(result: String, of call: String) {
    messages.append(.toolResult(id: call, result.bounded(to: Self.resultMax)))
  }

  /// What of an utterance was audible, when it was cut off; may be told twice of the same one, with less. It may have held several messages, and
  /// words that are in none.
  /// - Parameter whole: all that was to be said in it.
  mutating func trimReply(toPlayed played: String, of whole: String) {
    if cut?.whole != whole { cut = parts(of: whole) }
    guard let cut else { return }
    var left = max(played.split(separator: " ").count - cut.wordsBefore, 0)
    for (index, words) in cut.parts {
      guard messages.indices.contains(index), case .assistant(_, let calls) = messages[index] else { continue }
      let audible = words.prefix(left)
      left -= audible.count
      if audible.count < words.count { messages[index] = .assistant(audible.joined(separator: " "), calls: calls) }
    }
  }

  /// Which messages an utterance holds: those whose words are its last.
  private func parts(of whole: String) -> CutUtterance {
    var left = whole.split(separator: " ").map(String.init)
    var parts: [(Int, [String])] = []
    for index in messages.indices.reversed() {
      guard case .assistant(let text, _) = messages[index], !text.isEmpty else { continue }
      let words = text.split(separator: " ").map(String.init)
      guard left.suffix(words.count).elementsEqual(words) else { break }
      left.removeLast(words.count)
      parts.insert((index, words), at: 0)
    }
    return CutUtterance(whole: whole, wordsBefore: left.count, parts: parts)
  }

  /// The messages without those of which nothing was heard.
  var told: [ModelMessage] { messages.filter { $0 != .assistant("", calls: []) } }

  /// The caller's words, the newest first.
  var callerTexts: [String] {
    messages.reversed().compactMap { if case .user(let text) = $0 { text } else { nil } }
  }

  /// What the agent said last before the caller's last words; empty where it said nothing.
  var agentTextBeforeCaller: String {
    let last = messages.lastIndex { if case .user = $0 { true } else { false } }
    return Self.agentText(in: messages[..<(last ?? 0)])
  }

  private static func agentText(in messages: ArraySlice<ModelMessage>) -> String {
    for case .assistant(let text, _) in messages.reversed() where !text.isEmpty { return text }
    return ""
  }

  /// The caller is back from other states: the call that led there has a result now.
  mutating func comeBack(with slots: [String: String]) {
    guard let away else { return }
    self.away = nil
    let changed = slots.filter { away.slots[$0.key] != $0.value }
    for index in messages.indices.reversed() {
      guard case .toolResult(id: away.call, _) = messages[index] else { continue }
      messages[index] = .toolResult(id: away.call, ToolResultText.done(changed).bounded(to: Self.resultMax))
      return
    }
  }

  /// Whole turns go, so that no call is without its result.
  private mutating func forgetOldest() {
    let rest = messages.dropFirst(messages.count / 2)
    cut = nil
    messages = Array(rest.drop { if case .user = $0 { false } else { true } })
  }
}

/// What a model is told of a call, as JSON.
enum ToolResultText {
  /// It was done, and these values came of it.
  static func done(_ values: [String: String]) -> String {
    object { writer in
      writer.field("result", "done")
      if !values.isEmpty { writer.field("values", values) }
    }
  }

  /// It was not done.
  /// - Parameter why: one sentence for the model.
  static func failed(_ why: String) -> String { object { $0.field("error", why) } }

  private static func object(_ members: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    writer.object(members)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
