public import CallCore
import JSON

/// Reads the streamed answer of `POST /v1/chat/completions`, and takes what servers do that OpenAI's does not: no `[DONE]`, no role, unknown
/// members, chunks with usage alone, a tool's name in each piece, calls without an index, and the whole answer as one document.
public struct ChatStreamReader: Sendable {
  /// Longest words of one answer in bytes of UTF-8: an hour of speech.
  public static let textBytesMax = 1 << 18
  /// Longest arguments of one call in bytes.
  public static let argumentBytesMax = 1 << 16
  /// Most calls in one answer.
  public static let callsMax = 64
  /// Tokens that a server may say it used; other numbers are passed over.
  private static let tokens = Int64(0)...1_000_000_000
  /// Most characters of a server's own words in a fault.
  private static let messageCharactersMax = 300

  private var events = EventStreamReader()
  /// An answer that is no stream of events, as far as it came.
  private var document: [UInt8] = []
  private var kind = Kind.unknown
  private var textBytes = 0
  private var calls: [Call] = []
  private var isFinished = false
  /// Never to be shown.
  private let secret: String?
  /// Whether the server said that nothing more comes.
  public private(set) var isDone = false
  private var hasUsage = false

  private enum Kind { case unknown, events, document }

  private struct Call {
    var id: String
    var name: String
    var argumentBytes = 0
    /// Its number, as the server counts.
    var written: Int

    /// Whether a piece under the same number belongs to it. Servers that send calls whole leave the number at 0: what has another id and a
    /// name, or without ids another name, is another call.
    func goesOn(id: String?, name: String?) -> Bool {
      guard let name else { return true }
      guard let id, !self.id.isEmpty else { return name == self.name }
      return id == self.id
    }
  }

  /// The model that answers, as the server calls it; `nil` while it did not say.
  public private(set) var model: String?

  /// For one answer.
  /// - Parameter secret: is taken out of what the server says in its errors.
  public init(hiding secret: String? = nil) { self.secret = secret }

  /// Whether nothing of the answer is missing, although more may come, such as what it cost.
  public var isWhole: Bool { isFinished || isDone }

  /// Reads the next bytes of the body, which may end anywhere.
  /// - Throws: for what cannot be understood, and for the server's own errors in the middle of an answer.
  public mutating func read(
    _ bytes: UnsafeRawBufferPointer, _ deliver: (ModelDelta) -> Void
  ) throws(ModelFault) {
    var bytes = bytes
    if kind == .unknown {
      let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
      while let first = bytes.first, blanks.contains(first) { bytes = .init(rebasing: bytes.dropFirst()) }
      guard let first = bytes.first else { return }
      kind = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") ? .document : .events
    }
    if kind == .document {
      guard document.count + bytes.count <= EventStreamReader.dataBytesMax else { throw Self.tooLarge }
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
  /// - Throws: when the answer is not whole, or there is nothing in it.
  public mutating func end(_ deliver: (ModelDelta) -> Void) throws(ModelFault) {
    if kind == .document {
      try read(document, deliver)
    } else {
      var reader = events
      try reader.end { data throws(ModelFault) in try read(data, deliver) }
    }
    guard textBytes > 0 || !calls.isEmpty else {
      throw ModelFault(.empty, "its answer has neither words nor calls in it")
    }
    guard isWhole else { throw ModelFault(.unreachable, "it hung up in the middle of its answer") }
  }

  /// What a server says in the body of an answer with an error.
  /// - Parameter secret: is taken out of it.
  /// - Returns: at most 300 characters on one line; empty when it says nothing.
  public static func message(inError body: [UInt8], hiding secret: String? = nil) -> String {
    var document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: body) } catch { return "" }
    if case .array(let errors) = document, let first = errors.first { document = first }
    let text =
      document.text(at: "error.message") ?? document.text(at: "error") ?? document.text(at: "message")
      ?? document.text(at: "detail") ?? ""
    return bounded(text, hiding: secret)
  }

  /// One of the words for programs in such a body: `type`, `param` or `code`.
  /// - Parameter secret: is taken out of it.
  /// - Returns: `nil` when it is no text, or a number.
  public static func word(_ name: String, inError body: [UInt8], hiding secret: String? = nil) -> String? {
    let document: JSONValue
    do throws(JSONFault) { document = try JSONValue(parsing: body) } catch { return nil }
    return document.text(at: "error.\(name)").map { bounded($0, hiding: secret) }
  }

  /// On one line, short, without what a terminal would take for a command, and without the secret.
  static func bounded(_ text: String, hiding secret: String?) -> String {
    let open = secret.map { text.replacing($0, with: "[key]") } ?? text
    let scalars = open.bounded(to: messageCharactersMax).unicodeScalars.map {
      $0.properties.generalCategory == .control ? " " : $0
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private static let tooLarge = ModelFault(.tooLarge, "its answer is longer than anybody reads")

  // MARK: - A chunk

  private mutating func read(_ data: [UInt8], _ deliver: (ModelDelta) -> Void) throws(ModelFault) {
    guard !isDone else { return }
    if data.starts(with: "[DONE]".utf8) {
      isDone = true
      return
    }
    let chunk: JSONValue
    do throws(JSONFault) { chunk = try JSONValue(parsing: data) } catch {
      throw ModelFault(.malformed, "its answer is no JSON: \(error)")
    }
    guard case .object = chunk else {
      throw ModelFault(.malformed, "a chunk of its answer: expected an object, got \(chunk.summary)")
    }
    if let error = chunk["error"] {
      let message = Self.bounded(error.text(at: "message") ?? chunk.text(at: "error") ?? "", hiding: secret)
      throw ModelFault(.failed, "it broke its answer off" + (message.isEmpty ? "" : ": \(message)"))
    }
    if let name = chunk.text(at: "model"), !name.isEmpty { model = Self.bounded(name, hiding: secret) }
    if case .array(let choices)? = chunk["choices"] {
      // One answer was asked for; others are not ours.
      for choice in choices where (choice["index"]?.wholeNumber ?? 0) == 0 { try read(choice, deliver) }
    }
    if !hasUsage, let usage = chunk["usage"], let prompt = usage["prompt_tokens"]?.wholeNumber,
      let answer = usage["completion_tokens"]?.wholeNumber, Self.tokens.contains(prompt), Self.tokens.contains(answer)
    {
      // Some servers tell it in every chunk; the sum comes with the end or behind it.
      guard isFinished || isDone else { return }
      hasUsage = true
      deliver(.usage(ModelUsage(promptTokens: Int(prompt), answerTokens: Int(answer))))
    }
  }

  private mutating func read(_ choice: JSONValue, _ deliver: (ModelDelta) -> Void) throws(ModelFault) {
    // A whole document has a message where a chunk has a delta.
    if let delta = choice["delta"] ?? choice["message"], !isFinished {
      if case .string(let text)? = delta["content"], !text.isEmpty {
        textBytes += text.utf8.count
        guard textBytes <= Self.textBytesMax else { throw Self.tooLarge }
        deliver(.text(text))
      }
      if case .array(let pieces)? = delta["tool_calls"] {
        for (place, piece) in pieces.enumerated() { try read(piece, place, deliver) }
      }
    }
    if let reason = choice.text(at: "finish_reason"), !isFinished {
      isFinished = true
      let known = reason == "function_call" ? .toolCalls : ModelFinish(rawValue: reason)
      // A server's own word for an end is an end.
      deliver(.finish(known ?? (calls.isEmpty ? .stop : .toolCalls)))
    }
  }

  private mutating func read(
    _ piece: JSONValue, _ place: Int, _ deliver: (ModelDelta) -> Void
  ) throws(ModelFault) {
    let written = piece["index"]?.wholeNumber.map { Int(clamping: $0) } ?? place
    let id = piece.text(at: "id").flatMap { $0.isEmpty ? nil : $0 }
    let name = piece.text(at: "function.name").flatMap { $0.isEmpty ? nil : $0 }
    let arguments = Self.arguments(piece["function"]?["arguments"])
    let known = calls.lastIndex { $0.written == written && $0.goesOn(id: id, name: name) }
    let index = known ?? calls.count
    var first: (id: String, name: String)?
    if known == nil {
      guard let name else {
        throw ModelFault(.malformed, "a call of a tool in its answer: expected a name in its first piece, got none")
      }
      guard calls.count < Self.callsMax else { throw Self.tooLarge }
      // Some servers give none; it is needed to tell the result.
      first = (id ?? "call-\(calls.count + 1)", name)
      calls.append(Call(id: id ?? "", name: name, written: written))
    }
    calls[index].argumentBytes += arguments.utf8.count
    guard calls[index].argumentBytes <= Self.argumentBytesMax else { throw Self.tooLarge }
    deliver(
      .toolCall(ModelToolCallPiece(index: index, id: first?.id, name: first?.name, arguments: arguments)))
  }

  /// The text of a piece, or an object as its JSON, as some servers send them.
  private static func arguments(_ value: JSONValue?) -> String {
    switch value {
    case nil: return ""
    case .string(let text)?: return text
    case let other?:
      var writer = JSONWriter()
      writer.value(other)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
  }
}
