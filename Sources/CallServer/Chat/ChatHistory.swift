import Bounds
import CallCore

/// Conversations with the language model that the server keeps for its clients: in memory, the one that was not used for longest goes first.
struct ChatHistory {
  /// Most conversations.
  static let sessionsMax = 1000
  /// Most bytes of all together.
  static let bytesMax = 16 << 20
  /// Most messages of one; the oldest go, two at a time.
  static let messagesMax = 40
  /// Most bytes of one, likewise.
  static let sessionBytesMax = 64 << 10

  /// Which conversation: each key has its own.
  struct ID: Hashable {
    /// Id of the key; `nil` where there are none.
    var key: String?
    var session: String
  }

  /// A question and its answer.
  private struct Turn {
    var question: String
    var answer: String

    var bytes: Int { question.utf8.count + answer.utf8.count }
  }

  private var sessions = BoundedStore<ID, [Turn]>(entriesMax: sessionsMax, bytesMax: bytesMax)

  /// What was said before, oldest first.
  mutating func messages(of id: ID) -> [ModelMessage] {
    (sessions.use(id) ?? []).flatMap { [.user($0.question), .assistant($0.answer, calls: [])] }
  }

  /// Keeps what was said.
  /// - Returns: messages that are kept of the conversation.
  mutating func add(_ question: String, _ answer: String, to id: ID) -> Int {
    var turns = (sessions.use(id) ?? []) + [Turn(question: question, answer: answer)]
    func bytes() -> Int { turns.reduce(0) { $0 + $1.bytes } }
    while turns.count > 1, turns.count * 2 > Self.messagesMax || bytes() > Self.sessionBytesMax { turns.removeFirst() }
    sessions.put(turns, for: id, bytes: bytes())
    return turns.count * 2
  }
}
