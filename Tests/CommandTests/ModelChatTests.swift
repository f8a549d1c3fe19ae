import Foundation
import JSON
import Testing
import Threads

/// `POST /api/vllm/chat`, what is counted of questions, and budgets: of a real server, behind it one that does what a test tells it.
@Suite("Questions to the model")
struct ModelChatTests {
  private static let path = "/api/vllm/chat"

  private static func stream(_ line: ScriptedLine, _ words: [String], usage: Bool = true) {
    line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
    for word in words {
      line.write("data: {\"model\":\"first-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(word)\"}}]}\n\n")
    }
    line.write("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n")
    let cost = #"{"choices":[],"usage":{"prompt_tokens":70,"completion_tokens":5}}"#
    if usage { line.write("data: \(cost)\n\n") }
    line.write("data: [DONE]\n\n")
  }

  private static func messages(_ request: SpeechDouble.Request) throws -> [String] {
    try JSONValue(parsing: request.body).list("messages").map {
      "\($0.text(at: "role") ?? ""): \($0.text(at: "content") ?? "")"
    }
  }

  @Test("have the predecessor's members, and the server keeps the conversation by its id")
  func conversation() async throws {
    let pair = try await ChatPair { _, line in Self.stream(line, ["Hello ", "there."]) }
    let first = try pair.ask(
      #"{"message":"Hi","session_id":"s","mode":"custom","system_prompt":"Be kind."}"#, Self.path)
    let answer = try JSONValue(parsing: ChatPair.text(first))
    #expect(first.status == 200, "\(first)")
    for (name, value) in [
      ("status", "success"), ("response", "Hello there."), ("text", "Hello there."), ("session_id", "s"),
      ("mode", "custom"), ("context_size", "2"), ("tokens", "75"), ("model", "first-1"), ("using_nvidia_api", "false"),
    ] { #expect(answer.text(at: name) == value, "\(name): \(first.body)") }
    #expect(answer["processing_time"] != nil)
    let second = try pair.ask(#"{"message":"And?","session_id":"s"}"#, Self.path)
    #expect(try JSONValue(parsing: ChatPair.text(second)).text(at: "context_size") == "4")
    _ = try pair.ask(#"{"message":"New."}"#, Self.path)
    let asked = try pair.requests.map(Self.messages)
    #expect(asked[0] == ["system: Be kind.", "user: Hi"])
    #expect(asked[1].dropFirst() == ["user: Hi", "assistant: Hello there.", "user: And?"])
    #expect(asked[2].count == 2 && asked[2].last == "user: New.")
  }

  @Test("of a long conversation forget its beginning")
  func long() async throws {
    let pair = try await ChatPair { _, line in Self.stream(line, ["Yes."]) }
    for number in 1...22 { #expect(try pair.ask(#"{"message":"\#(number)"}"#, Self.path).status == 200) }
    let asked = try Self.messages(try #require(pair.requests.last))
    #expect(asked.count == 42 && asked[1] == "user: 2" && asked.last == "user: 22", "\(asked)")
    for _ in 1...3 {
      let word = String(repeating: "b", count: 15_000)
      #expect(try pair.ask(#"{"message":"\#(word)","session_id":"b"}"#, Self.path).status == 200)
    }
    for _ in 1...3 {
      let word = String(repeating: "c", count: 15_000)
      _ = try pair.ask(#"{"message":"\#(word)","session_id":"b"}"#, Self.path)
    }
    #expect(try Self.messages(try #require(pair.requests.last)).count == 10, "64 KiB of a conversation are kept")
  }

  @Test("are answered as the model speaks where that is asked for")
  func streamed() async throws {
    let pair = try await ChatPair { _, line in Self.stream(line, ["Hello ", "there."]) }
    let answer = try pair.ask(#"{"message":"Hi","stream":true}"#, Self.path)
    let events = ChatPair.events(answer)
    #expect(events.prefix(2) == [#"{"chunk":"Hello "}"#, #"{"chunk":"there."}"#], "\(answer.body)")
    let last = try JSONValue(parsing: events.last ?? "")
    #expect(events.count == 3 && last.text(at: "response") == "Hello there." && last["done"] == .bool(true))
  }

  @Test("without a model, or with one that fails, are errors and no sentence; echo needs none")
  func failures() async throws {
    let off = try await ChatPair(["ENABLE_LLM": "false"]) { _, line in line.respond(500) }
    let missing = try off.ask(#"{"message":"Hi"}"#, Self.path)
    #expect(missing.status == 503 && ChatPair.text(missing).hasPrefix(#"{"error":"no language model"#), "\(missing)")
    let echo = try off.ask(#"{"message":"Hi","mode":"echo"}"#, Self.path)
    #expect(echo.status == 200 && ChatPair.text(echo).contains(#""response":"Hi""#), "\(echo)")
    let echoed = ChatPair.events(try off.ask(#"{"message":"Hi","mode":"echo","stream":true}"#, Self.path))
    #expect(echoed.first == #"{"chunk":"Hi"}"# && echoed.count == 2, "\(echoed)")
    let broken = try await ChatPair { request, line in
      if String(decoding: request.body, as: UTF8.self).contains("break") {
        line.write(
          "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"No\"}}]}\n\n")
      } else {
        line.respond(401, body: #"{"error":{"message":"bad \#(ChatPair.modelKey)"}}"#)
      }
    }
    let refused = try broken.ask(#"{"message":"Hi"}"#, Self.path)
    #expect(refused.status == 502 && ChatPair.text(refused).hasPrefix(#"{"error":""#), "\(refused)")
    #expect(!refused.body.contains("planted"))
    let cut = ChatPair.events(try broken.ask(#"{"message":"break","stream":true}"#, Self.path))
    #expect(cut.first == #"{"chunk":"No"}"# && cut.last?.hasPrefix(#"{"error":"#) == true, "\(cut)")
  }

  @Test("that are wrong name the member")
  func wrong() async throws {
    let pair = try await ChatPair { _, line in line.respond(500) }
    for (body, says) in [
      ("", "not JSON"), ("{}", "chat.message: expected a text"), (#"{"message":" "}"#, "got blanks"),
      (#"{"message":5}"#, "chat.message"), (#"{"message":"Hi","mode":"x"}"#, "chat.mode"),
      (#"{"message":"Hi","mode":"custom"}"#, "chat.system_prompt"), (#"{"message":"Hi","stream":1}"#, "chat.stream"),
      (#"{"message":"Hi","session_id":""}"#, "chat.session_id"), (#"{"message":"Hi","voice":"heart"}"#, "chat.voice"),
    ] {
      let answer = try pair.ask(body, Self.path)
      #expect(answer.status == 400 && ChatPair.text(answer).hasPrefix(#"{"error":""#), "\(body): \(answer)")
      #expect(answer.body.contains(says), "\(body): \(answer.body)")
    }
    #expect(try pair.ask(#"{"message":"Hi"}"#, Self.path, type: "text/plain").status == 415)
    #expect(pair.requests.isEmpty)
  }

  @Test("are counted by key and day, and a key that has used its tokens waits for tomorrow")
  func budget() async throws {
    func today() -> Int { Int(Date().timeIntervalSince1970) / 86_400 }
    let day = today()
    let pair = try await ChatPair { request, line in
      Self.stream(line, ["a", "b", "c"], usage: !String(decoding: request.body, as: UTF8.self).contains("silent"))
    }
    let made = try pair.ask(#"{"name":"n","scopes":["model"],"tokensPerDay":100}"#, "/api/keys")
    #expect(made.status == 201 && made.body.contains(#""tokensPerDay":100"#), "\(made)")
    let document = try JSONValue(parsing: ChatPair.text(made))
    let (id, key) = (document.text(at: "id") ?? "", document.text(at: "key") ?? "")
    func ask(_ text: String) throws -> (status: Int, body: String) {
      try pair.ask(#"{"messages":[{"role":"user","content":"\#(text)"}],"stream":true}"#, key: key)
    }
    #expect(try ask("Hi").status == 200)  // 75 tokens
    #expect(try ask("silent").status == 200)  // 3 pieces
    #expect(try ask("Hi").status == 200)  // 75 more
    let refused = try ask("Hi")
    guard today() == day else { return }  // tokens are there anew
    #expect(refused.status == 429 && refused.body.contains("insufficient_quota"), "\(refused)")
    #expect(
      refused.body.contains("used 153 of its 100 tokens") && refused.body.contains("T00:00:00Z"), "\(refused.body)")
    #expect(refused.body.lowercased().contains("retry-after: "))
    let chat = try pair.ask(#"{"message":"Hi"}"#, Self.path, key: key)
    #expect(chat.status == 429 && ChatPair.text(chat).hasPrefix(#"{"error":"the key has used"#), "\(chat)")
    #expect(try pair.ask(#"{"message":"Hi"}"#, Self.path).status == 200, "another key has its own")
    #expect(pair.requests.count == 4)

    let usage = try JSONValue(parsing: pair.read("/api/usage?key=\(id)"))
    for (name, value) in [("modelRequests", "3"), ("promptTokens", "140"), ("answerTokens", "13")] {
      #expect(usage.text(at: "totals.\(name)") == value, "\(usage)")
    }
    let metrics = try pair.read("/metrics")
    for line in [
      "voiceforge_model_requests_total 4", #"voiceforge_model_tokens_total{kind="prompt"} 210"#,
      #"voiceforge_model_tokens_total{kind="answer"} 18"#, "voiceforge_model_requests 0",
      #"voiceforge_usage_prompt_tokens_total{key="\#(id)"} 140"#,
    ] { #expect(metrics.contains(line), "\(line)") }
    let speaker = try JSONValue(parsing: ChatPair.text(pair.ask(#"{"name":"s","scopes":["speech"]}"#, "/api/keys")))
    let other = try pair.ask(#"{"message":"Hi"}"#, Self.path, key: speaker.text(at: "key") ?? "")
    #expect(other.status == 403 && other.body.contains("model"), "\(other)")
  }
}
