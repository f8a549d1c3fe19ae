import CallCore
import CallDriver
import Foundation
import RemoteServices
import Testing
import Threads

/// A language model's server that does what a test tells it, and what is heard of it. That nobody waits for ever is seen by that each test ends.
@Suite("A language model")
struct LanguageModelTests {
  private static let key = "planted-0123456789abcdef"
  private static let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#

  private static func chunk(_ text: String) -> String {
    "data: {\"model\":\"scripted\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}]}\n\n"
  }

  private static func begin(_ line: ScriptedLine) {
    line.write("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
  }

  private static func answer(_ line: ScriptedLine, _ texts: String...) {
    begin(line)
    for text in texts { line.write(chunk(text)) }
    line.write("data: \(end)\n\ndata: [DONE]\n\n")
  }

  /// What came of one question.
  private struct Outcome {
    var text: String
    var ending: Result<String, ModelFault>
    var requests: [SpeechDouble.Request]

    func isFailed(_ kind: ModelFault.Kind, _ count: Int) -> Bool {
      guard case .failure(let fault) = ending else { return false }
      return fault.kind == kind && requests.count == count
    }
  }

  private static func service(at url: String, _ change: (inout ModelService) -> Void) throws -> ModelService {
    var service = try ModelService(url: url, key: key, model: "first")
    // Only who waits for what never comes has a short limit, so that a busy machine is not taken for a slow model.
    (service.times.connectMax, service.times.pieceMax, service.times.wholeMax) = (
      .seconds(60), .seconds(60), .seconds(60)
    )
    change(&service)
    return service
  }

  private static func ask(
    _ change: (inout ModelService) -> Void = { _ in },
    _ script: @escaping @Sendable (SpeechDouble.Request, ScriptedLine) -> Void
  ) throws -> Outcome {
    let double = SpeechDouble(script)
    let model = RemoteModel(try service(at: double.url, change))
    defer { model.stop() }
    let heard = Locked(ModelAnswer())
    let ending = Promise<Result<String, ModelFault>>()
    let endings = Locked(0)
    _ = model.ask(ModelRequest([.user("Hello?")])) { event in
      switch event {
      case .delta(let delta): heard.withLock { $0.add(delta) }
      case .finished(let name):
        endings.withLock { $0 += 1 }
        ending.fulfill(.success(name))
      case .failed(let fault):
        endings.withLock { $0 += 1 }
        ending.fulfill(.failure(fault))
      }
    }
    let outcome = ending.wait()
    model.stop()  // whoever might tell another ending is gone then
    #expect(endings.withLock { $0 } == 1)
    return Outcome(text: heard.withLock { $0.text }, ending: outcome, requests: double.requests)
  }

  @Test("is asked with the key and heard piece by piece")
  func talk() throws {
    let outcome = try Self.ask { _, line in Self.answer(line, "Hello ", "there.") }
    #expect(outcome.text == "Hello there." && (try? outcome.ending.get()) == "scripted")
    let request = try #require(outcome.requests.first)
    #expect(
      request.path == "/v1/chat/completions" && request.head.lowercased().contains("authorization: bearer \(Self.key)"))
    #expect(String(decoding: request.body, as: UTF8.self).hasPrefix(#"{"model":"first","messages":[{"role":"user""#))
  }

  /// What a server does wrong, and what comes of it without a fallback.
  private static let faults:
    [(name: String, kind: ModelFault.Kind, says: String, requests: Int, script: @Sendable (ScriptedLine) -> Void)] = [
      ("hangs", .late, "no word of an answer within", 1, { $0.waitForEnd() }),
      (
        "stands still before the first word", .late, "no word", 1,
        {
          begin($0)
          $0.write(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n: wait\n\n")
          $0.waitForEnd()
        }
      ),
      (
        "stands still in a sentence", .stalled, "stood still for", 1,
        {
          begin($0)
          $0.write(chunk("Hello"))
          $0.waitForEnd()
        }
      ),
      (
        "hangs up in a sentence", .unreachable, "in the middle of its answer", 1,
        {
          begin($0)
          $0.write(chunk("Hello"))
        }
      ),
      ("says nothing, twice", .empty, "neither words nor calls", 2, { answer($0) }),
      ("answers no events at all", .empty, "neither words nor calls", 2, { begin($0) }),
      (
        "fails", .failed, "it failed (500: out of memory)", 1,
        { $0.respond(500, body: #"{"error":{"message":"out of memory"}}"#) }
      ),
      (
        "fails in the middle", .failed, "broke its answer off: out of memory", 1,
        {
          begin($0)
          $0.write(chunk("Hello"))
          $0.write("data: {\"error\":{\"message\":\"out of memory\"}}\n\n")
        }
      ),
      (
        "refuses the key, and shows it", .refusedKey, "correct OPENAI_API_KEY", 1,
        { $0.respond(401, body: #"{"error":{"message":"Incorrect API key: \#(key)"}}"#) }
      ),
      ("does not know the model", .missing, "no model first", 1, { $0.respond(404, body: #"{"error":"not found"}"#) }),
      (
        "has had enough for a minute", .limited, "(429: Rate limit)", 1,
        { $0.respond(429, headers: "retry-after: 60\r\n", body: #"{"error":{"message":"Rate limit"}}"#) }
      ),
      ("has had enough and does not say for how long", .limited, "(429)", 1, { $0.respond(429) }),
      (
        "has had enough, and once more", .limited, "(429)", 2, { $0.respond(429, headers: "retry-after: 0.05\r\n") }
      ),
      (
        "takes no such long request", .refusedRequest, "(400: context length)", 1,
        { $0.respond(400, body: #"{"error":{"message":"context length"}}"#) }
      ),
      (
        "talks without end", .tooLarge, "longer than anybody reads", 1,
        { line in
          begin(line)
          let piece = chunk(String(repeating: "a", count: 8192))
          for _ in 0..<40 { line.write(piece) }
          line.waitForEnd()
        }
      ),
      ("hangs up at once", .unreachable, "cannot be reached", 1, { $0.reset() }),
    ]

  @Test("that fails is told in time, with the reason and without the key", arguments: faults.indices)
  func fault(index: Int) throws {
    let (name, kind, says, requests, script) = Self.faults[index]
    var outcome = try Self.ask({ if [.late, .stalled].contains(kind) { $0.times.pieceMax = .milliseconds(300) } }) {
      _, line in script(line)
    }
    // On a busy machine the server may not have come to do what is waited for.
    for limit in [2, 10] where [.late, .stalled].contains(kind) && !outcome.isFailed(kind, requests) {
      outcome = try Self.ask({ $0.times.pieceMax = .seconds(limit) }) { _, line in script(line) }
    }
    guard case .failure(let fault) = outcome.ending else {
      Issue.record("\(name): it answered \(outcome.text)")
      return
    }
    #expect(fault.kind == kind && fault.description.contains(says), "\(name): \(fault.kind), \(fault)")
    #expect(
      !fault.description.contains(Self.key) && outcome.requests.count == requests, "\(name): \(outcome.requests.count)")
  }

  @Test("that goes on for too long is told as far as it came")
  func whole() throws {
    let end = Latch()
    defer { end.open() }
    for limit in [1, 5, 20] {
      let outcome = try Self.ask({ $0.times.wholeMax = .seconds(limit) }) { _, line in
        Self.begin(line)
        line.write(Self.chunk("Hello"))
        // Never still for as long as a piece may take, and never at an end.
        while !end.wait(within: .milliseconds(50)), line.write(Self.chunk(" ")) {}
      }
      guard outcome.text.hasPrefix("Hello") || limit == 20 else { continue }
      guard case .failure(let fault) = outcome.ending else {
        Issue.record("it was whole")
        return
      }
      #expect(fault.kind == .stalled && fault.description.contains("not whole after"), "\(fault)")
      return
    }
  }

  @Test("that keeps its connection up behind [DONE] or without it, or forgets the last chunk of its body, has answered")
  func endings() throws {
    let lingering = try Self.ask { _, line in
      Self.answer(line, "Hello.")
      line.waitForEnd()
    }
    #expect(lingering.text == "Hello." && (try? lingering.ending.get()) == "scripted")
    // Without [DONE]; the limits are a minute, so that only a whole answer ends the test.
    let silent = try Self.ask { _, line in
      Self.begin(line)
      line.write(Self.chunk("Hello.") + "data: \(Self.end)\n\n")
      line.waitForEnd()
    }
    #expect(silent.text == "Hello." && (try? silent.ending.get()) == "scripted", "\(silent.ending)")
    let cut = try Self.ask { _, line in
      let body = Self.chunk("Hello.") + "data: \(Self.end)\n\n"
      line.write(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(String(body.utf8.count, radix: 16))\r\n\(body)\r\n")
    }
    #expect(cut.text == "Hello." && (try? cut.ending.get()) == "scripted", "\(cut.ending)")
  }

  @Test("that refuses with events in its body is refused all the same, and nothing of them is heard")
  func refusal() throws {
    let outcome = try Self.ask({ $0.fallback = "second" }) { _, line in
      line.respond(401, headers: "content-type: text/event-stream\r\n", body: Self.chunk("Hello"))
    }
    #expect(outcome.isFailed(.refusedKey, 1) && outcome.text.isEmpty)
  }

  @Test("whose error shows the key at the end of what is told of it shows nothing of it")
  func keyAtTheCut() throws {
    let long = String(repeating: "a", count: 290)
    for status in [400, 200] {
      let outcome = try Self.ask { _, line in
        line.respond(status, body: #"{"error":{"message":"\#(long) \#(Self.key)"}}"#)
      }
      guard case .failure(let fault) = outcome.ending else {
        Issue.record("it answered")
        continue
      }
      #expect(fault.description.contains(long) && !fault.description.contains("planted"), "\(fault)")
    }
  }

  @Test("that waits for its next try is told that the program stops")
  func stopped() throws {
    let (asked, heard) = (Latch(), Promise<ModelEvent>())
    let double = SpeechDouble { _, line in
      line.respond(429, headers: "retry-after: 1\r\n")
      asked.open()
    }
    let model = RemoteModel(try Self.service(at: double.url) { $0.times.retryAfterMax = .seconds(600) })
    _ = model.ask(ModelRequest([.user("Hello?")])) { heard.fulfill($0) }
    asked.wait()
    model.stop()
    guard case .failed(let fault) = heard.wait() else {
      Issue.record("it answered")
      return
    }
    #expect(fault.kind == .cancelled && double.requests.count == 1)
    let late = Promise<ModelEvent>()
    _ = model.ask(ModelRequest([.user("Hello?")])) { late.fulfill($0) }
    guard case .failed(let other) = late.wait() else {
      Issue.record("it answered")
      return
    }
    #expect(other.kind == .cancelled)
  }

  @Test("that is busy for a moment is asked once more")
  func retry() throws {
    let asked = Locked(0)
    let outcome = try Self.ask { _, line in
      let count = asked.withLock { asked in
        asked += 1
        return asked
      }
      if count == 1 { line.respond(429, headers: "retry-after: 0.1\r\n") } else { Self.answer(line, "Hello.") }
    }
    #expect(outcome.text == "Hello." && (try? outcome.ending.get()) == "scripted" && outcome.requests.count == 2)
  }

  @Test("gives way to the fallback when it fails before the first word", arguments: [500, 429, 404, 0])
  func fallback(status: Int) throws {
    // 0: it hangs. The second must have a word within the same limit.
    let outcome = try Self.ask({ service in
      service.fallback = "second"
      if status == 0 { service.times.pieceMax = .seconds(5) }
    }) { request, line in
      let isFirst = String(decoding: request.body, as: UTF8.self).contains(#""model":"first""#)
      if isFirst, status == 0 { return line.waitForEnd() }
      if isFirst { line.respond(status) } else { Self.answer(line, "Hello.") }
    }
    #expect(outcome.text == "Hello." && outcome.requests.count == 2)
  }

  @Test("does not give way once somebody may have heard it")
  func heard() throws {
    let outcome = try Self.ask({ $0.fallback = "second" }) { _, line in
      Self.begin(line)
      line.write(Self.chunk("Hello"))
    }
    #expect(outcome.text == "Hello" && outcome.requests.count == 1)
    #expect((try? outcome.ending.get()) == nil)
  }

  @Test("that is given up is told so at once, and its server sees the end of the connection")
  func cancelled() throws {
    let (begun, gone) = (Latch(), Latch())
    let double = SpeechDouble { _, line in
      Self.begin(line)
      line.write(Self.chunk("Hello"))
      line.waitForEnd()
      gone.open()
    }
    let model = RemoteModel(try Self.service(at: double.url) { _ in })
    defer { model.stop() }
    let events = Locked<[ModelEvent]>([])
    let ticket = model.ask(ModelRequest([.user("Hello?")])) { event in
      events.withLock { $0.append(event) }
      if case .delta = event { begun.open() }
    }
    begun.wait()
    ticket.cancel()
    ticket.cancel()
    gone.wait()
    let told = events.withLock { $0 }
    #expect(told.count == 2 && told.first == .delta(.text("Hello")))
    guard case .failed(let fault)? = told.last else {
      Issue.record("\(told)")
      return
    }
    #expect(fault.kind == .cancelled)
  }

  @Test("without TLS where TLS was asked for is not told the key")
  func withoutTLS() throws {
    let double = SpeechDouble { _, line in line.waitForEnd() }
    let url = double.url.replacing("http:", with: "https:")
    let model = RemoteModel(try Self.service(at: url) { $0.times.connectMax = .milliseconds(500) })
    defer { model.stop() }
    let ending = Promise<ModelEvent>()
    _ = model.ask(ModelRequest([.user("Hello?")])) { ending.fulfill($0) }
    guard case .failed(let fault) = ending.wait() else {
      Issue.record("it answered")
      return
    }
    #expect(fault.kind == .unreachable, "\(fault)")
    #expect(double.requests.isEmpty)
  }

  // MARK: - The command

  @Test("is tried out by the doctor, and not contacted unless ENABLE_LLM is true")
  func doctor() async throws {
    let double = SpeechDouble { _, line in Self.answer(line, "Hello ", "there.") }
    var environment = [
      "OPENAI_BASE_URL": double.url, "OPENAI_API_KEY": Self.key, "OPENAI_MODEL": "first", "ENABLE_LLM": "true",
      "VOICEFORGE_MODEL_PIECE_MAX": "60000", "VOICEFORGE_MODEL_ANSWER_MAX": "60000",
    ]
    let told = try await Command.run("doctor", environment: environment)
    #expect(
      told.output.contains("scripted began after") && told.output.contains("said \"Hello there.\""), "\(told.output)")
    #expect(!told.output.contains(Self.key) && double.requests.count == 1)
    environment["ENABLE_LLM"] = "false"
    let silent = try await Command.run("doctor", environment: environment)
    #expect(!silent.output.contains("Language model") && double.requests.count == 1)
    environment["ENABLE_LLM"] = "true"
    environment["OPENAI_MODEL"] = ""
    let nameless = try await Command.run("doctor", environment: environment)
    #expect(nameless.errors.contains("set OPENAI_MODEL") && double.requests.count == 1, "\(nameless.errors)")
  }
}
