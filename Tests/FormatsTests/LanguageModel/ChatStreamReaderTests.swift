import CallCore
import Formats
import TestSupport
import Testing

@Suite("A language model's answer")
struct ChatStreamReaderTests {
  /// Reads `body` in pieces of `length` bytes.
  private static func read(_ body: String, pieces length: Int = 1 << 20) -> (answer: ModelAnswer, fault: ModelFault?) {
    var reader = ChatStreamReader()
    var answer = ModelAnswer()
    var rest = Array(body.utf8)[...]
    do throws(ModelFault) {
      while !rest.isEmpty {
        let piece = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        try piece.span.bytes.withUnsafeBytes { bytes throws(ModelFault) in
          try reader.read(bytes) { answer.add($0) }
        }
      }
      try reader.end { answer.add($0) }
    } catch { return (answer, error) }
    return (answer, nil)
  }

  private static func events(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }

  private static func text(_ text: String) -> String { #"{"choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"# }

  private static let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#

  /// Answers as servers write them, with what is read of each.
  private static let spoken: [(name: String, body: String)] = [
    (
      "OpenAI's",
      events(
        #"{"id":"1","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
        text("Hello "), text("there."), end,
        #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}"#, "[DONE]")
    ),
    (
      "llama.cpp's, which has no role twice, null words, and its own members",
      events(
        #"{"choices":[{"index":0,"delta":{"role":null,"content":null},"finish_reason":null}],"object":"chat.completion.chunk"}"#,
        text("Hello there."),
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"timings":{"predicted_n":3}}"#,
        #"{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3},"timings":{}}"#, "[DONE]")
    ),
    (
      "one with the sum in each chunk and no [DONE]",
      events(
        #"{"choices":[{"delta":{"content":"Hello there."}}],"usage":{"prompt_tokens":7,"completion_tokens":1}}"#,
        #"{"choices":[{"delta":{},"finish_reason":"eos"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#)
    ),
    (
      "with comments, carriage returns, a mark in front, and no blank behind the colon",
      "\u{FEFF}: PROCESSING\r\n\r\nid: 4\r\nevent: message\r\ndata:\(text("Hello "))\r\n\r\n: wait\r\n\r\ndata:\(text("there."))\r\rdata: \(end)\r\n\r\ndata: {\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\r\n"
    ),
    (
      "as one document",
      #"{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there."},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#
    ),
    (
      "beside another one, which nobody asked for",
      events(
        #"{"choices":[{"index":1,"delta":{"content":"No."}},{"index":0,"delta":{"content":"Hello there."}}]}"#, end,
        #"{"usage":{"prompt_tokens":7,"completion_tokens":3}}"#)
    ),
  ]

  @Test("is read whoever writes it, and in pieces of any length", arguments: spoken.indices, [1, 3, 17, 1 << 20])
  func words(index: Int, length: Int) {
    let (answer, fault) = Self.read(Self.spoken[index].body, pieces: length)
    #expect(fault == nil)
    #expect(answer.text == "Hello there." && answer.finish == .stop && answer.toolCalls.isEmpty)
    #expect(answer.usage == ModelUsage(promptTokens: 7, answerTokens: 3))
  }

  private static func call(_ members: String) -> String {
    #"{"choices":[{"index":0,"delta":{"tool_calls":[\#(members)]}}]}"#
  }

  private static let called: [(name: String, body: String)] = [
    (
      "OpenAI's pieces",
      events(
        call(#"{"index":0,"id":"a","type":"function","function":{"name":"book","arguments":""}}"#),
        call(#"{"index":0,"function":{"arguments":"{\"day\":"}}"#), call(#"{"index":0,"function":{"arguments":"1}"}}"#),
        call(#"{"index":1,"id":"b","type":"function","function":{"name":"end","arguments":"{}"}}"#),
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#, "[DONE]")
    ),
    (
      "llama-cpp-python's, with the name in each",
      events(
        call(#"{"index":0,"id":"a","function":{"name":"book","arguments":"{\"day\":"}}"#),
        call(#"{"index":0,"id":"a","function":{"name":"book","arguments":"1}"}}"#),
        call(#"{"index":1,"id":"b","function":{"name":"end","arguments":"{}"}}"#),
        #"{"choices":[{"index":0,"delta":{"function_call":null},"finish_reason":"tool_calls"}]}"#)
    ),
    (
      "whole ones, all with the number 0",
      events(
        call(#"{"index":0,"id":"a","function":{"name":"book","arguments":"{\"day\":1}"}}"#),
        call(#"{"index":0,"id":"b","function":{"name":"end","arguments":"{}"}}"#), "[DONE]")
    ),
    (
      "whole ones, all with the number 0, and a third id that has no name",
      events(
        call(#"{"index":0,"id":"a","function":{"name":"book","arguments":"{\"day\":1}"}}"#),
        call(#"{"index":0,"id":"b","function":{"name":"end","arguments":""}}"#),
        call(#"{"index":0,"id":"c","function":{"arguments":"{}"}}"#), "[DONE] ")
    ),
    (
      "whole ones without numbers, and an object in place of its text",
      events(
        call(
          #"{"id":"a","function":{"name":"book","arguments":{"day":1}}},{"id":"b","function":{"name":"end","arguments":"{}"}}"#
        ),
        #"{"choices":[{"delta":{},"finish_reason":"function_call"}]}"#)
    ),
  ]

  @Test("calls tools, whatever pieces the calls come in", arguments: called.indices, [1, 1 << 20])
  func tools(index: Int, length: Int) {
    let (answer, fault) = Self.read(Self.called[index].body, pieces: length)
    #expect(fault == nil)
    #expect(
      answer.toolCalls.map { $0.arguments.filter { $0 != " " } } == [#"{"day":1}"#, "{}"]
        && answer.toolCalls.map(\.name) == ["book", "end"] && answer.toolCalls.map(\.id) == ["a", "b"])
  }

  @Test("of two calls without ids under one number is two calls, and one that names its tool in each piece is one")
  func withoutIDs() {
    let body = Self.events(
      Self.call(#"{"index":0,"function":{"name":"book","arguments":"{"}}"#),
      Self.call(#"{"index":0,"function":{"name":"book","arguments":"}"}}"#),
      Self.call(#"{"index":0,"function":{"name":"end","arguments":"{}"}}"#), "[DONE]")
    #expect(
      Self.read(body).answer.toolCalls == [
        ModelToolCall(id: "call-1", name: "book", arguments: "{}"),
        ModelToolCall(id: "call-2", name: "end", arguments: "{}"),
      ])
  }

  @Test("that names no id of a call gets one")
  func withoutID() {
    let body = Self.events(Self.call(#"{"index":0,"function":{"name":"end","arguments":"{}"}}"#), "[DONE]")
    #expect(Self.read(body).answer.toolCalls == [ModelToolCall(id: "call-1", name: "end", arguments: "{}")])
  }

  private static let wrong: [(body: String, kind: ModelFault.Kind, says: String)] = [
    ("", .empty, "neither words nor calls"), ("data: [DONE]\n\n", .empty, "neither words nor calls"),
    (events(end), .empty, "neither words nor calls"), (events(text("Hello")), .unreachable, "in the middle"),
    (events(text("Hello"), "{"), .malformed, "no JSON"), ("<html>Welcome to nginx!</html>", .empty, "neither"),
    (events("[1]"), .malformed, "expected an object"), ("{\"choices\":", .malformed, "no JSON"),
    (events(text("Hello"), #"{"error":{"message":"out of\nmemory"}}"#), .failed, "broke its answer off: out of memory"),
    (#"{"error":"model not loaded"}"#, .failed, "model not loaded"),
    (events(call(#"{"index":0,"function":{"arguments":"{}"}}"#)), .malformed, "expected a name"),
    ("data: " + String(repeating: "a", count: 1 << 20), .tooLarge, "longer than anybody reads"),
    ("{" + String(repeating: " ", count: 1 << 20), .tooLarge, "longer than anybody reads"),
    (
      String(repeating: events(text(String(repeating: "a", count: 4096))), count: 65), .tooLarge,
      "longer than anybody reads"
    ),
    (
      events(call(#"{"index":0,"function":{"name":"a","arguments":"\#(String(repeating: "1", count: 65_537))"}}"#)),
      .tooLarge, "longer than anybody reads"
    ),
    (
      (0..<65).map { events(call(#"{"index":\#($0),"function":{"name":"a","arguments":"{}"}}"#)) }.joined(), .tooLarge,
      "longer than anybody reads"
    ),
  ]

  @Test("that is none is told for what it is", arguments: wrong.indices)
  func faults(index: Int) throws {
    let (body, kind, says) = Self.wrong[index]
    let fault = try #require(Self.read(body).fault)
    #expect(fault.kind == kind && fault.description.contains(says), "\(fault)")
  }

  @Test("with random bytes in it ends nothing, and every delta fits behind the others", arguments: 0..<500)
  func rubbish(seed: Int) {
    var luck = SeededGenerator(seed: UInt64(seed))
    let bodies = Self.spoken.map(\.body) + Self.called.map(\.body)
    var bytes = Array(bodies[seed % bodies.count].utf8)
    for _ in 0..<Int.random(in: 1...12, using: &luck) {
      bytes[Int.random(in: bytes.indices, using: &luck)] = UInt8.random(in: 0...255, using: &luck)
    }
    var reader = ChatStreamReader()
    var answer = ModelAnswer()
    do throws(ModelFault) {
      try bytes.span.bytes.withUnsafeBytes { bytes throws(ModelFault) in try reader.read(bytes) { answer.add($0) } }
      try reader.end { answer.add($0) }
      #expect(!answer.text.isEmpty || !answer.toolCalls.isEmpty)
    } catch { #expect(!error.description.isEmpty) }
  }

  @Test(
    "that is an error says what the server says",
    arguments: [
      (#"{"error":{"message":"no such model","type":"x"}}"#, "no such model"), (#"{"error":"busy"}"#, "busy"),
      (#"{"detail":"Not Found"}"#, "Not Found"), (#"{"message":"a\nb\u001b[2J"}"#, "a b [2J"), ("<html>", ""), ("", ""),
      ("[]", ""), (#"[{"error":{"message":"quota"}}]"#, "quota"),
    ])
  func errors(body: String, says: String) { #expect(ChatStreamReader.message(inError: Array(body.utf8)) == says) }
}
