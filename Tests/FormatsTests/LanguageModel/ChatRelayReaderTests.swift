import CallCore
import Formats
import Testing

@Suite("An answer of a language model that is passed on")
struct ChatRelayReaderTests {
  private static let role = #"{"model":"first-1","choices":[{"delta":{"role":"assistant","content":""}}]}"#
  private static let word = #"{"choices":[{"delta":{"content":"Hello"}}]}"#
  private static let thought = #"{"choices":[{"delta":{"reasoning_content":"Hm"}}]}"#
  private static let end = #"{"choices":[{"delta":{},"finish_reason":"stop"}],"timings":{"ms":1}}"#
  private static let cost = #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5}}"#
  private static let filter = #"{"choices":[],"prompt_filter_results":[]}"#

  private static func stream(_ events: String...) -> String { events.map { "data: \($0)\r\n\r\n" }.joined() }

  private static func feed(
    _ body: ArraySlice<UInt8>, _ reader: inout ChatRelayReader, _ told: inout [String]
  ) throws(ModelFault) {
    let piece = Array(body)
    var events: [[UInt8]] = []
    try piece.span.bytes.withUnsafeBytes { bytes throws(ModelFault) in
      try reader.read(bytes) { events.append($0) }
    }
    told += events.map { String(decoding: $0, as: UTF8.self) }
  }

  /// - Parameter size: of the pieces in which the body comes.
  private static func read(
    _ body: String, _ reader: ChatRelayReader, size: Int = 1 << 23
  ) throws(ModelFault) -> (told: [String], reader: ChatRelayReader) {
    var (reader, told, bytes) = (reader, [String](), Array(body.utf8)[...])
    while !bytes.isEmpty {
      try feed(bytes.prefix(size), &reader, &told)
      bytes = bytes.dropFirst(size)
    }
    var last: [[UInt8]] = []
    try reader.end { last.append($0) }
    return (told + last.map { String(decoding: $0, as: UTF8.self) }, reader)
  }

  /// Why a body cannot be read; `nil`: it can.
  private static func fault(_ body: String, _ reader: ChatRelayReader) -> ModelFault? {
    do throws(ModelFault) { _ = try read(body, reader) } catch { return error }
    return nil
  }

  private static func streamed(_ wantsUsage: Bool = false) -> ChatRelayReader {
    ChatRelayReader(isStreamed: true, wantsUsage: wantsUsage, hiding: "planted-key")
  }

  @Test(
    "comes event by event, wherever the bytes are cut, and the cost where it is wanted", arguments: [1, 2, 7, 1000])
  func events(size: Int) throws {
    let body =
      ": hello\n\n" + Self.stream(Self.filter, Self.role, Self.thought, Self.word, Self.end, Self.cost, "[DONE]")
    let told = [Self.filter, Self.role, Self.thought, Self.word, Self.end]
    let plain = try Self.read(body, Self.streamed(), size: size)
    #expect(plain.told == told && plain.reader.isDone && plain.reader.model == "first-1")
    #expect(plain.reader.usage == ModelUsage(promptTokens: 7, answerTokens: 5))
    #expect(try Self.read(body, Self.streamed(true), size: size).told == told + [Self.cost])
  }

  @Test("is held back while nothing can be read in it, so that another model may be asked")
  func held() throws {
    var reader = Self.streamed()
    var told: [String] = []
    for event in [Self.role, Self.filter] { try Self.feed(Array(Self.stream(event).utf8)[...], &reader, &told) }
    #expect(told.isEmpty)
    try Self.feed(Array(Self.stream(Self.thought).utf8)[...], &reader, &told)
    #expect(told.count == 3)
  }

  @Test("without [DONE] is whole when its end was told; the cost in its last event is told and passed on")
  func endings() throws {
    let last = #"{"choices":[{"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
    let read = try Self.read(Self.stream(Self.word, last), Self.streamed())
    #expect(read.told == [Self.word, last] && read.reader.usage == ModelUsage(promptTokens: 1, answerTokens: 2))
  }

  @Test("whose cost is not told has cost a token for each event that holds something")
  func untold() throws {
    let read = try Self.read(Self.stream(Self.role, Self.word, Self.word, Self.end, "[DONE]"), Self.streamed())
    #expect(read.reader.usage == ModelUsage(promptTokens: 0, answerTokens: 2))
  }

  @Test("that is a whole document is passed on as it is")
  func document() throws {
    let body =
      #" {"choices" : [{"message":{"content":"Hi"}}], "usage":{"prompt_tokens":1,"completion_tokens":2},"model":"a"}"#
    let read = try Self.read(body, ChatRelayReader(isStreamed: false, wantsUsage: false), size: 5)
    #expect(read.told == [body] && read.reader.usage == ModelUsage(promptTokens: 1, answerTokens: 2))
    #expect(read.reader.isWhole && read.reader.model == "a")
  }

  @Test("shows no key, whoever quotes it")
  func secret() throws {
    let quoting = #"{"choices":[{"delta":{"content":"planted-key!"}}]}"#
    let read = try Self.read(Self.stream(quoting, Self.end), Self.streamed())
    #expect(read.told.first == quoting.replacing("planted-key", with: "[key]"))
  }

  @Test(
    "that is wrong says why",
    arguments: [
      (stream(word), ModelFault.Kind.unreachable, "in the middle"), ("", .empty, "no events"),
      (stream("[DONE]"), .empty, "no events"), (stream("{"), .malformed, "no JSON"),
      (stream("[1]"), .malformed, "expected an object"), (#"{"choices":[]}"#, .empty, "no events"),
      (stream(#"{"error":{"message":"planted-key is wrong"}}"#), .failed, "broke its answer off: [key] is wrong"),
      (stream(String(repeating: "a", count: 2 << 20)), .tooLarge, "longer than anybody reads"),
    ])
  func faults(body: String, kind: ModelFault.Kind, says: String) throws {
    let fault = try #require(Self.fault(body, Self.streamed()))
    #expect(fault.kind == kind && fault.description.contains(says), "\(fault)")
  }

  @Test(
    "that is no stream and wrong says why",
    arguments: [
      ("", ModelFault.Kind.empty), ("<html>", .malformed), ("[]", .malformed), (#"{"a":1}"#, .malformed),
      (#"{"error":"no"}"#, .failed), (String(repeating: "a", count: 5 << 20), .tooLarge),
    ])
  func documentFaults(body: String, kind: ModelFault.Kind) throws {
    let fault = try #require(Self.fault(body, ChatRelayReader(isStreamed: false, wantsUsage: false)))
    #expect(fault.kind == kind, "\(fault)")
  }
}
