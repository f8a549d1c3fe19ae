public import CallCore
import JSON

/// Reads the answer of `POST /v1/chat/completions` only as far as somebody must who passes it on: where an event ends, whether the answer is
/// whole, and what it cost.
public struct ChatRelayReader: Sendable {
  /// Largest answer that is no stream.
  public static let documentBytesMax = 4 << 20
  /// Most events without anything to read in them that are held back until one comes that has something.
  private static let heldMax = 16
  private static let tokens = Int64(0)...1_000_000_000

  private let isStreamed: Bool
  private let wantsUsage: Bool
  private let secret: String?
  private var events = EventStreamReader()
  private var document: [UInt8] = []
  /// Such as the one with the role alone: while nothing else has come, another model may be asked.
  private var held: [[UInt8]] = []
  private var hasContent = false
  private var isFinished = false
  /// Events with something to read in them.
  private var contentCount = 0
  private var toldUsage: ModelUsage?

  /// Whether the server said that nothing more comes.
  public private(set) var isDone = false
  /// The model that answers, as the server calls it; `nil` while it did not say.
  public private(set) var model: String?

  /// - Parameters:
  ///   - isStreamed: whether events were asked for.
  ///   - wantsUsage: whether an event that holds nothing but what the answer cost is passed on.
  ///   - secret: is taken out of what the server says in its errors.
  public init(isStreamed: Bool, wantsUsage: Bool, hiding secret: String? = nil) {
    (self.isStreamed, self.wantsUsage, self.secret) = (isStreamed, wantsUsage, secret)
  }

  /// Whether nothing of the answer is missing, although more may come, such as what it cost.
  public var isWhole: Bool { isFinished || isDone }

  /// What the answer cost as far as it came. Where the server did not say, each event with something in it counts as one token, for it has at
  /// least one, and those of the request are not known.
  public var usage: ModelUsage { toldUsage ?? ModelUsage(promptTokens: 0, answerTokens: contentCount) }

  /// Reads the next bytes of the body, which may end anywhere.
  /// - Parameter deliver: takes the data of an event.
  /// - Throws: for what cannot be understood, and for the server's own errors in the middle of an answer.
  public mutating func read(_ bytes: UnsafeRawBufferPointer, _ deliver: ([UInt8]) -> Void) throws(ModelFault) {
    guard isStreamed else {
      guard document.count + bytes.count <= Self.documentBytesMax else { throw Self.tooLarge }
      document += bytes
      return
    }
    var reader = events
    events = EventStreamReader()
    let isRead = try reader.read(bytes) { data throws(ModelFault) in try read(data, deliver) }
    events = reader
    guard isRead else { throw Self.tooLarge }
  }

  /// The body is over.
  /// - Parameter deliver: takes the data of an event; where none were asked for, the whole answer.
  /// - Throws: when the answer is not whole.
  public mutating func end(_ deliver: ([UInt8]) -> Void) throws(ModelFault) {
    guard isStreamed else { return try endDocument(deliver) }
    var reader = events
    try reader.end { data throws(ModelFault) in try read(data, deliver) }
    guard hasContent || !held.isEmpty else { throw ModelFault(.empty, "its answer has no events in it") }
    guard isWhole else { throw ModelFault(.unreachable, "it hung up in the middle of its answer") }
    flush(deliver)
  }

  private mutating func endDocument(_ deliver: ([UInt8]) -> Void) throws(ModelFault) {
    guard !document.isEmpty else { throw ModelFault(.empty, "its answer is empty") }
    let answer = try parse(document)
    guard case .array? = answer["choices"] else {
      throw ModelFault(.malformed, "its answer: expected an object with choices, got \(answer.summary)")
    }
    take(answer)
    (isDone, hasContent) = (true, true)
    deliver(withoutSecret(document))
  }

  private static let tooLarge = ModelFault(.tooLarge, "its answer is longer than anybody reads")

  private func parse(_ data: [UInt8]) throws(ModelFault) -> JSONValue {
    let value: JSONValue
    do throws(JSONFault) { value = try JSONValue(parsing: data) } catch {
      throw ModelFault(.malformed, "its answer is no JSON: \(error)")
    }
    guard case .object = value else {
      throw ModelFault(.malformed, "its answer: expected an object, got \(value.summary)")
    }
    if value["error"] != nil {
      let message = ChatStreamReader.message(inError: data, hiding: secret)
      throw ModelFault(.failed, "it broke its answer off" + (message.isEmpty ? "" : ": \(message)"))
    }
    return value
  }

  /// Who answers, and what it cost.
  private mutating func take(_ value: JSONValue) {
    if let name = value.text(at: "model"), !name.isEmpty { model = ChatStreamReader.bounded(name, hiding: secret) }
    if let usage = value["usage"], let prompt = usage["prompt_tokens"]?.wholeNumber,
      let answer = usage["completion_tokens"]?.wholeNumber, Self.tokens.contains(prompt), Self.tokens.contains(answer)
    {
      toldUsage = ModelUsage(promptTokens: Int(prompt), answerTokens: Int(answer))
    }
  }

  // MARK: - An event

  private mutating func read(_ data: [UInt8], _ deliver: ([UInt8]) -> Void) throws(ModelFault) {
    guard !isDone else { return }
    if data.starts(with: "[DONE]".utf8) {
      isDone = true
      return
    }
    let event = try parse(data)
    take(event)
    var choices: [JSONValue] = []
    if case .array(let list)? = event["choices"] { choices = list }
    if choices.isEmpty, event["usage"] != nil, !wantsUsage { return }
    if choices.contains(where: { $0["finish_reason"] != nil }) { isFinished = true }
    let isContent = choices.contains(where: Self.hasContent)
    if isContent { contentCount += 1 }
    held.append(data)
    if hasContent || isContent || isFinished || held.count > Self.heldMax { flush(deliver) }
  }

  private mutating func flush(_ deliver: ([UInt8]) -> Void) {
    hasContent = true
    for data in held { deliver(withoutSecret(data)) }
    held = []
  }

  /// Some servers quote the head of a request.
  private func withoutSecret(_ data: [UInt8]) -> [UInt8] {
    guard let secret, data.firstRange(of: Array(secret.utf8)) != nil else { return data }
    return Array(String(decoding: data, as: UTF8.self).replacing(secret, with: "[key]").utf8)
  }

  /// Whether there is something to read: words, calls, thoughts, whatever the server calls it.
  private static func hasContent(_ choice: JSONValue) -> Bool {
    guard case .object(let members)? = choice["delta"] else { return false }
    return members.contains { name, value in
      switch value {
      case .null: false
      case .string(let text): name != "role" && !text.isEmpty
      case .array(let list): !list.isEmpty
      default: true
      }
    }
  }
}
