import CallDriver
import Foundation
import JSON
import TestSupport
import Testing
import Threads

/// `POST /v1/chat/completions` of a real server, and behind it a language model's server that does what a test tells it.
@Suite("Chat completions")
struct ChatCompletionTests {
  private static let modelKey = ChatPair.modelKey
  private static let path = ChatPair.path
  private static let usage = #""usage":{"prompt_tokens":7,"completion_tokens":5,"total_tokens":12}"#
  private static let whole =
    #"{"id":"c1","object":"chat.completion","created":1,"model":"first-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"#
    + usage + "}"

  private static func chunk(_ delta: String, finish: String = "null") -> String {
    #"{"id":"c1","model":"first-1","choices":[{"index":0,"delta":"# + delta + #","finish_reason":"# + finish + "}]}"
  }

  private static func begin(_ line: ScriptedLine) {
    line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
  }

  private static let told = [
    chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"content":"Hello "}"#), chunk(#"{"content":"there."}"#),
    chunk("{}", finish: #""stop""#),
  ]
  private static let cost = #"{"id":"c1","model":"first-1","choices":[],"# + usage + "}"

  private static func stream(_ line: ScriptedLine) {
    begin(line)
    for event in told + [cost, "[DONE]"] { line.write("data: \(event)\n\n") }
  }

  @Test("come back as the model's server gives them, with our model, its key and nobody else's, and are counted")
  func whole() async throws {
    let pair = try await ChatPair { _, line in
      line.respond(200, headers: "content-type: application/json\r\n", body: Self.whole)
    }
    let schema = #"{"type":"json_schema","json_schema":{"name":"z","schema":{"properties":{"z":{},"a":{}}}}}"#
    let answer = try pair.ask(
      #"{"model":"gpt-9", "messages":[{"role":"user","content":"Hi \u00e9"}],"temperature":0.70,"response_format":\#(schema),"n":1}"#
    )
    #expect(answer.status == 200 && answer.body.hasSuffix(Self.whole), "\(answer.body)")
    let request = try #require(pair.requests.first)
    #expect(
      String(decoding: request.body, as: UTF8.self)
        == #"{"model":"first","messages":[{"role":"user","content":"Hi \u00e9"}],"temperature":0.70,"response_format":\#(schema),"n":1,"stream":false}"#
    )
    #expect(request.path == Self.path && request.head.lowercased().contains("authorization: bearer \(Self.modelKey)"))
    #expect(!request.head.contains(ChatPair.callerKey) && !answer.body.contains(Self.modelKey))
  }

  @Test("are streamed as the model speaks, and the event with the cost comes only where it was asked for")
  func streamed() async throws {
    let pair = try await ChatPair { _, line in Self.stream(line) }
    let plain = try pair.ask(#"{"messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
    #expect(plain.status == 200 && plain.body.lowercased().contains("content-type: text/event-stream"), "\(plain.body)")
    #expect(ChatPair.events(plain) == Self.told + ["[DONE]"], "\(plain.body)")
    let costly = try pair.ask(
      #"{"messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true,"x":1}}"#)
    #expect(ChatPair.events(costly) == Self.told + [Self.cost, "[DONE]"], "\(costly.body)")
    let sent = pair.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(sent.first?.hasSuffix(#","stream":true,"stream_options":{"include_usage":true}}"#) == true, "\(sent)")
    #expect(sent.last?.hasSuffix(#","stream":true,"stream_options":{"include_usage":true,"x":1}}"#) == true, "\(sent)")
  }

  @Test("reach the client word by word, and the model's server sees the end when the client goes")
  func gone() async throws {
    let (heard, gone) = (Latch(), Latch())
    let pair = try await ChatPair { _, line in
      Self.begin(line)
      for event in Self.told.prefix(2) { line.write("data: \(event)\n\n") }
      heard.wait()
      line.waitForEnd()
      gone.open()
    }
    let client = try pair.begin(#"{"messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
    // The model has not said its second word yet.
    #expect(client.read { $0.contains("Hello ") }.contains("Hello "))
    heard.open()
    client.hangUp()
    #expect(gone.wait(within: .seconds(30)))
  }

  @Test("of a client that goes before the first word are given up, too")
  func goneEarly() async throws {
    let (asked, gone) = (Latch(), Latch())
    let pair = try await ChatPair { _, line in
      asked.open()
      line.waitForEnd()
      gone.open()
    }
    let client = try pair.begin(#"{"messages":[{"role":"user","content":"Hi"}]}"#)
    asked.wait()
    client.hangUp()
    #expect(gone.wait(within: .seconds(30)))
  }

  @Test("of a client that does not read are given up, and what it has of them is not taken for the whole")
  func slow() async throws {
    let given = Latch()
    let pair = try await ChatPair { _, line in
      Self.begin(line)
      let word = "data: \(Self.chunk("{\"content\":\"\(String(repeating: "a", count: 8000))\"}"))\n\n"
      // Kernels keep some megabytes for a connection; 16 MiB are all that is taken of an answer.
      for _ in 0..<1900 where !line.write(word) { return given.open() }
      line.write("data: [DONE]\n\n")
    }
    let client = try pair.begin(#"{"messages":[{"role":"user","content":"Hi"}],"stream":true}"#, receiveBytes: 4096)
    #expect(given.wait(within: .seconds(30)))
    #expect(!client.readToEnd().contains("[DONE]"))
  }

  @Test("that go on when the server is told to stop end with it")
  func stopped() async throws {
    let gone = Latch()
    let pair = try await ChatPair { _, line in
      Self.begin(line)
      for event in Self.told.prefix(2) { line.write("data: \(event)\n\n") }
      line.waitForEnd()
      gone.open()
    }
    let client = try pair.begin(#"{"messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
    #expect(client.read { $0.contains("Hello ") }.contains("Hello "))
    #expect(try await pair.server.stop().status == 0)
    #expect(gone.wait(within: .seconds(30)) && client.isEnded())
  }

  /// What the model's server does, and what the client is told.
  private static let refusals: [(script: @Sendable (ScriptedLine) -> Void, status: Int, says: [String])] = [
    (
      {
        $0.respond(
          400,
          body:
            #"{"error":{"message":"too long: planted-model-0123456789","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"#
        )
      }, 400,
      [
        #""message":"too long: [key]","type":"invalid_request_error","param":"messages","code":"context_length_exceeded""#
      ]
    ),
    ({ $0.respond(404, body: #"{"error":{"message":"no first"}}"#) }, 404, ["no first"]),
    (
      { $0.respond(429, headers: "retry-after: 77\r\n", body: #"{"error":{"message":"slow","type":"tokens"}}"#) }, 429,
      ["retry-after: 77", #""message":"slow","type":"tokens""#]
    ),
    ({ $0.respond(422, body: #"{"detail":"no such member"}"#) }, 422, ["no such member"]),
    (
      { $0.respond(401, body: #"{"error":{"message":"bad key \#(modelKey)"}}"#) }, 502,
      ["OPENAI_API_KEY", "model_key_refused"]
    ),
    ({ $0.respond(403) }, 502, ["model_key_refused"]),
    ({ $0.respond(500, body: #"{"error":{"message":"out of memory"}}"#) }, 502, ["out of memory", "server_error"]),
    ({ $0.respond(503, headers: "retry-after: 9\r\n") }, 503, ["retry-after: 9", "model_failed"]),
    ({ $0.respond(200, body: "<html>") }, 502, ["no JSON"]),
    ({ $0.respond(200, body: #"{"error":{"message":"no memory"}}"#) }, 502, ["no memory"]),
    ({ $0.respond(200, body: "[]") }, 502, ["expected an object"]),
    ({ $0.respond(200) }, 502, ["empty"]),
    ({ $0.reset() }, 503, ["model_unreachable", "retry-after: 5"]),
  ]

  @Test("that the model's server refuses are refused with its words or the cause, and never with a key")
  func refused() async throws {
    let next = Locked(0)
    let pair = try await ChatPair { _, line in Self.refusals[next.withLock { $0 }].script(line) }
    for (index, refusal) in Self.refusals.enumerated() {
      next.withLock { $0 = index }
      let answer = try pair.ask(#"{"messages":[{"role":"user","content":"Hi"}]}"#)
      #expect(answer.status == refusal.status, "\(index): \(answer)")
      #expect(answer.body.contains(#"{"error":{"message":""#), "\(answer.body)")
      for word in refusal.says { #expect(answer.body.contains(word), "\(index): \(answer.body)") }
      #expect(!answer.body.contains("planted"), "\(answer.body)")
    }
    let errors = pair.server.command.errors
    #expect(errors.contains("a question to the language model failed") && !errors.contains("planted"), "\(errors)")
  }

  /// Begins an answer and does what the question says.
  private static func breakOff(_ request: SpeechDouble.Request, _ line: ScriptedLine) {
    begin(line)
    for event in told.prefix(2) { line.write("data: \(event)\n\n") }
    let text = String(decoding: request.body, as: UTF8.self)
    if text.contains("fails") { line.write("data: {\"error\":{\"message\":\"out of memory\"}}\n\n") }
    if text.contains("stands") { line.waitForEnd() }
  }

  @Test("that break off in mid-answer say so in the stream and never end as if they were whole")
  func broken() async throws {
    let pair = try await ChatPair { Self.breakOff($0, $1) }
    func check(_ word: String, _ says: String, _ answer: (status: Int, body: String)) {
      let events = ChatPair.events(answer)
      #expect(answer.status == 200 && !events.contains("[DONE]"), "\(word): \(answer.body)")
      #expect(events.last?.hasPrefix(#"{"error":{"message":""#) == true, "\(answer.body)")
      #expect(events.last?.contains(says) == true, "\(answer.body)")
    }
    func question(_ word: String) -> String { #"{"messages":[{"role":"user","content":"\#(word)"}],"stream":true}"# }
    check("fails", "out of memory", try pair.ask(question("fails")))
    check("ends", "hung up", try pair.ask(question("ends")))
    // On a busy machine the first words may come too late, and the answer is a plain error then.
    for limit in [500, 5000, 20_000] {
      let impatient = try await ChatPair(["VOICEFORGE_CHAT_PIECE_MAX": "\(limit)"], Self.breakOff)
      let answer = try impatient.ask(question("stands"))
      if answer.status == 504, limit < 20_000 { continue }
      return check("stands", "model_timeout", answer)
    }
  }

  @Test("go to the fallback where nothing was told yet, and the request does not change")
  func fallback() async throws {
    let pair = try await ChatPair(["OPENAI_FALLBACK_MODEL": "second"]) { request, line in
      if String(decoding: request.body, as: UTF8.self).hasPrefix(#"{"model":"first""#) { return line.respond(500) }
      Self.stream(line)
    }
    let answer = try pair.ask(#"{"messages":[{"role":"user","content":"Hi"}],"stream":true}"#)
    #expect(ChatPair.events(answer) == Self.told + ["[DONE]"], "\(answer.body)")
    let sent = pair.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(sent.count == 2 && sent[1] == sent[0].replacing("first", with: "second"), "\(sent)")
  }

  @Test("take no longer than they may")
  func late() async throws {
    let pair = try await ChatPair(["VOICEFORGE_CHAT_ANSWER_MAX": "400"]) { _, line in line.waitForEnd() }
    let answer = try pair.ask(#"{"messages":[{"role":"user","content":"Hi"}]}"#)
    #expect(answer.status == 504 && answer.body.contains("model_timeout"), "\(answer)")
  }

  @Test("beyond the limit are turned away at once")
  func full() async throws {
    let asked = Latch()
    let pair = try await ChatPair(["VOICEFORGE_CHAT_QUESTIONS": "1"]) { _, line in
      asked.open()
      line.waitForEnd()
    }
    let first = try pair.begin(#"{"messages":[{"role":"user","content":"Hi"}]}"#)
    asked.wait()
    let second = try pair.ask(#"{"messages":[{"role":"user","content":"Hi"}]}"#)
    #expect(second.status == 503 && second.body.lowercased().contains("retry-after: 3"), "\(second)")
    first.hangUp()
  }

  @Test("that are wrong are refused with the member's name, and reach nobody")
  func wrong() async throws {
    let pair = try await ChatPair { _, line in Self.stream(line) }
    let hi = #""messages":[{"role":"user","content":"Hi"}]"#
    for (body, says) in [
      ("", "not JSON"), ("{", "not JSON"), ("[]", "expected an object"), ("{}", "messages: expected a list"),
      (#"{"messages":"Hi"}"#, "messages: expected a list"), (#"{"messages":[]}"#, "messages: expected a list"),
      (#"{"messages":["Hi"]}"#, "messages[0]: expected an object"), (#"{\#(hi),"n":2}"#, "n: expected 1"),
      (#"{\#(hi),"stream":"yes"}"#, "stream: expected true or false"),
      (#"{\#(hi),"model":5}"#, "model: expected a text"),
      (#"{\#(hi),"stream_options":5,"stream":true}"#, "stream_options: expected an object"),
      (#"{\#(hi),"stream_options":{"include_usage":5},"stream":true}"#, "include_usage: expected true or false"),
      (#"{\#(hi),"n":1,"n":1}"#, "there twice"),
    ] {
      let answer = try pair.ask(body)
      #expect(answer.status == 400 && answer.body.contains(says), "\(body): \(answer.body)")
      #expect(answer.body.contains(#"{"error":{"message":""#), "\(answer.body)")
    }
    let strange = try pair.ask("{\(hi)}", type: "text/plain")
    #expect(strange.status == 415, "\(strange)")
    let long = try pair.ask(#"{"messages":[{"role":"user","content":"\#(String(repeating: "a", count: 1 << 20))"}]}"#)
    #expect(long.status == 413 && long.body.contains(#"{"error":{"message":""#), "\(long)")
    let keyless = try pair.server.post(Self.path, "{\(hi)}")
    #expect(keyless.status == 401, "\(keyless)")
    #expect(pair.requests.isEmpty)
  }

  @Test("without ENABLE_LLM say what to set, and nobody is contacted")
  func off() async throws {
    let pair = try await ChatPair(["ENABLE_LLM": "false"]) { _, line in Self.stream(line) }
    let answer = try pair.ask(#"{"messages":[{"role":"user","content":"Hi"}]}"#)
    #expect(answer.status == 503 && answer.body.contains("ENABLE_LLM=true"), "\(answer)")
    #expect(answer.body.contains(#"{"error":{"message":""#) && answer.body.contains("model_not_configured"))
    #expect(pair.requests.isEmpty)
  }
}
