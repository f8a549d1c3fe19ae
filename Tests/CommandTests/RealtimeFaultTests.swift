import Foundation
import JSON
import MachineWatch
import Testing
import Threads

@Suite("simulate --target of a Realtime server that does something wrong")
struct RealtimeFaultTests {
  private static let scripts: [RealtimeScript] = [
    RealtimeScript(name: "perfect", codes: []),
    RealtimeScript(name: "no-ids", codes: ["event-without-id"]) { events in
      events.map { RealtimeScript.Event($0.type, $0.members, hasID: false) }
    },
    RealtimeScript(name: "no-response-created", codes: ["response-not-created"]) { $0.without("response.created") },
    RealtimeScript(name: "no-output-item-added", codes: ["output-item-not-added"]) {
      // What comes next names an item that nobody announced.
      $0.without("response.output_item.added", "response.content_part.added", "response.output_audio_transcript.delta")
    },
    RealtimeScript(name: "no-item-added", codes: ["item-not-added"]) { $0.without("conversation.item.added") },
    RealtimeScript(name: "no-item-done", codes: ["item-not-done"]) { $0.without("conversation.item.done") },
    RealtimeScript(name: "no-output-item-done", codes: ["output-item-not-done"]) {
      $0.without("response.output_item.done")
    },
    RealtimeScript(name: "no-audio-done", codes: ["audio-not-done"]) { $0.without("response.output_audio.done") },
    RealtimeScript(name: "no-response-done", codes: []) { $0.without("response.done") },
    RealtimeScript(name: "part-type", codes: ["part-type"]) {
      $0.replacing(#""type":"audio""#, with: #""type":"output_audio""#, in: "response.content_part.added")
    },
    RealtimeScript(name: "beta-names", codes: ["beta-event"]) {
      $0.renaming([("output_audio", "audio"), ("item.added", "item.created")]).renaming([
        ("output_item.created", "output_item.added")
      ])
    },
    RealtimeScript(name: "late-audio", codes: ["late-audio"]) { $0.followed(by: $0[5]) },
    RealtimeScript(name: "unknown-item", codes: ["unknown-item"]) { events in
      let ids = RealtimeScript.ids.replacing("item_1", with: "item_9")
      return [RealtimeScript.Event("response.created", #""response":{"id":"resp_1"}"#)]
        + [RealtimeScript.Event("response.output_audio_transcript.delta", ids + #","delta":"x""#)]
        + events.without("response.created").replacing(
          #""completed","output""#, with: #""incomplete","output""#, in: "response.done")
    },
    RealtimeScript(name: "no-transcript", codes: ["no-transcript"]) {
      $0.without("response.output_audio_transcript.delta", "response.output_audio_transcript.done")
    },
    RealtimeScript(name: "two-responses", codes: ["two-responses"]) { events in
      [RealtimeScript.Event("response.created", #""response":{"id":"resp_0"}"#)] + events
        + [RealtimeScript.Event("response.done", #""response":{"id":"resp_0","status":"completed","output":[]}"#)]
    },
    RealtimeScript(name: "error", codes: ["error"]) {
      $0.followed(
        by: RealtimeScript.Event("error", #""error":{"type":"server_error","code":"hiccup","message":"never mind"}"#))
    },
    RealtimeScript(name: "no-usage", codes: ["transcription-without-usage"]) {
      $0.followed(
        by: RealtimeScript.Event(
          "conversation.item.input_audio_transcription.completed", #""item_id":"u","content_index":0,"transcript":"x""#)
      )
    },
    RealtimeScript(name: "words-differ", codes: ["words-differ"]) {
      let words = "We are open from nine in the morning until half past five in the afternoon."
      return $0.replacing("Hello there.", with: words, in: "response.output_audio_transcript.delta")
        .replacing("Hello there.", with: words, in: "response.output_audio_transcript.done")
    },
    RealtimeScript(
      name: "wrong-rate", codes: ["wrong-rate"],
      session: { $0.replacing("24000", with: "16000", in: "session.updated") }),
    RealtimeScript(
      name: "no-session-type", codes: ["session-without-type"],
      session: { $0.replacing(#""type":"realtime","#, with: "", in: "session.created") }),
    RealtimeScript(
      name: "no-session-created", codes: ["session-not-created"], session: { $0.without("session.created") }),
    RealtimeScript(
      name: "rubbish", codes: ["bad-message", "binary-message", "unknown-event"],
      then: { line in
        line.send(text: "Hello, this is the Harbour Clinic.")
        line.send(binary: [1, 2, 3])
        line.send(text: #"{"type":"dance","event_id":"e"}"#)
        line.waitForEnd()
      }),
    RealtimeScript(
      name: "closes-1001", codes: ["closed"], verdict: "failed", failure: "close code 1001",
      then: { $0.sendClose(code: 1001, reason: "going away") }),
    RealtimeScript(
      name: "closes-1011", codes: ["closed"], verdict: "failed", failure: "close code 1011",
      then: { $0.sendClose(code: 1011, reason: "out of order") }),
    RealtimeScript(
      name: "sixty-minutes", codes: ["closed"], verdict: "failed",
      then: { $0.sendClose(code: 1001, reason: "Your session hit the maximum duration of 60 minutes.") }),
    RealtimeScript(
      name: "vanishes", codes: ["closed"], verdict: "failed", failure: "went away without a word",
      then: { line in
        for _ in 0..<20 { _ = line.read() }
        line.reset()
      }),
    RealtimeScript(
      name: "beta-only", codes: ["error", "closed"], verdict: "invalid", failure: "beta_api_shape_disabled",
      change: { _ in [] },
      then: { $0.sendClose(code: 4000, reason: "") },
      session: { _ in
        [
          RealtimeScript.Event(
            "error", #""error":{"type":"invalid_request_error","code":"beta_api_shape_disabled","message":"gone"}"#)
        ]
      }),
    RealtimeScript(
      name: "silent", codes: [], change: { _ in [] }, then: { $0.waitForEnd() },
      session: { _ in [] }),
  ]

  /// What takes a while to read, so that the caller's own frames may be late.
  private static let largeScripts: [RealtimeScript] = [
    RealtimeScript(name: "large", codes: ["long-message"]) { events in
      // Below 4 MiB; what is too much for others is read, and played for as long as it lasts: 0.5 s of sound and a minute of silence.
      let silence = String(repeating: "AAAA", count: 60 * 48_000 / 3)
      return events.map { event in
        guard event.type == "response.output_audio.delta" else { return event }
        return RealtimeScript.Event(event.type, String(event.members.dropLast()) + silence + "\"")
      }
    },
    RealtimeScript(
      name: "too-large", codes: ["long-message"], verdict: "failed", failure: "close code 1009",
      change: { _ in [] },
      then: { line in
        line.send(text: #"{"type":"x","y":""# + String(repeating: "A", count: 9 << 20) + "\"}")
        line.waitForEnd()
      }),
  ]

  @Test("a message below 8 MiB is told and played, one above ends its call alone")
  func large() async throws {
    for script in Self.largeScripts {
      let (status, results) = try await Self.run([script])
      #expect([0, 1, 3].contains(status))
      let result = try #require(results.first { $0.text(at: "id") == script.name })
      let codes = result.list("conformance").compactMap { $0.text(at: "code") }
      #expect(codes == script.codes, "\(script.name): \(result)")
      if let failure = script.failure {
        #expect(
          result.text(at: "failure")?.contains(failure) == true, "\(script.name): \(result.text(at: "failure") ?? "")")
      } else {
        #expect(result.text(at: "verdict") != "failed" && result.text(at: "failure") == nil)
      }
    }
  }

  private static func run(_ scripts: [RealtimeScript]) async throws -> (status: Int32, results: [JSONValue]) {
    let target = ScriptedTarget(RealtimeScript.play(scripts))
    let folder = try Scratch()
    // The minute of silence in a large message is not waited for.
    let cases = scripts.map { script in
      """
        - id: \(script.name)
          flow: \(script.name)
          caller: {patience: 2s}
          turns:
            - hang-up: true
              \(script.name == "large" ? "at: 300ms" : "")
      """
    }
    _ = try folder.write("cases:\n" + cases.joined(separator: "\n"), to: "faults.yaml")
    let address = "realtime+ws://127.0.0.1:\(target.port)/v1/realtime"
    let ended = try await OnTime.run(tries: 5) {
      try await Command(
        ["simulate", "faults.yaml", "--target", address, "--json", "--jobs", "40"], folder: folder
      ).end(within: .seconds(120))
    } wasHeldUp: {
      scripts.count > 2 && $0.output.contains("of the caller's frames leave over 20 ms late")
    }
    return (ended.status, try JSONValue(parsing: ended.output).list("cases"))
  }

  @Test("each is told by its name, no call hangs, and the case's flow names the model")
  func faults() async throws {
    let (status, results) = try await Self.run(Self.scripts)
    #expect(status == 1)
    #expect(results.count == Self.scripts.count)
    for script in Self.scripts {
      let result = try #require(results.first { $0.text(at: "id") == script.name })
      let codes = result.list("conformance").compactMap { $0.text(at: "code") }
      #expect(codes == script.codes, "\(script.name): \(result.list("conformance"))")
      let reasons = result.list("reasons").compactMap { $0.text(at: "actual") }
      #expect(result.text(at: "verdict") == script.verdict, "\(script.name): \(reasons)")
      if let failure = script.failure {
        #expect(
          result.text(at: "failure")?.contains(failure) == true, "\(script.name): \(result.text(at: "failure") ?? "")")
      }
      #expect(result.text(at: "words") == "told" && result.text(at: "wire") == "realtime")
    }
  }

  @Test("a caller who interrupts stops the agent, and the server is told how much was played; a tool is answered")
  func interruption() async throws {
    let told = Locked([String]())
    let target = ScriptedTarget { line in
      guard let request = line.readRequest(), line.upgrade(request, subprotocol: nil) else { return }
      func next(_ type: String) {
        while case .text(let text)? = line.read() {
          if !text.contains("input_audio_buffer.append") { told.withLock { $0.append(text) } }
          if text.contains(type) { return }
        }
      }
      for type in ["session.created", "session.updated"] {
        line.send(text: RealtimeScript.Event(type, RealtimeScript.sessionMembers).text)
      }
      for event in RealtimeScript.greeting.dropLast(7) { line.send(text: event.text) }
      let long = RealtimeScript.tone(milliseconds: 8000)
      line.send(
        text: RealtimeScript.Event("response.output_audio.delta", RealtimeScript.ids + #","delta":"\#(long)""#).text)
      for _ in 0..<100 { next("append") }
      line.send(
        text: RealtimeScript.Event("input_audio_buffer.speech_started", #""item_id":"item_u","audio_start_ms":2000"#)
          .text)
      next("truncate")
      line.send(
        text: RealtimeScript.Event("response.done", #""response":{"id":"resp_1","status":"cancelled","output":[]}"#)
          .text)
      let call = #""id":"item_2","type":"function_call","call_id":"call_1","name":"look_up","arguments":"{\"id\":1}""#
      line.send(text: RealtimeScript.Event("response.created", #""response":{"id":"resp_2"}"#).text)
      line.send(
        text: RealtimeScript.Event(
          "response.done", #""response":{"id":"resp_2","status":"completed","output":[{\#(call)}]}"#
        ).text)
      next("response.create\"")
      line.waitForEnd()
    }
    let folder = try Scratch()
    _ = try folder.write(
      """
      caller: {patience: 3s}
      flow: any
      turns:
        - say: Wait a moment, please, I have a question.
          at: 1500ms
        - hang-up: true
      """, to: "case.yaml")
    _ = try folder.write(
      """
      agent:
        url: realtime+ws://127.0.0.1:\(target.port)/v1/realtime
        instructions: Be brief.
        tools:
          look_up: {description: Looks up., output: "found"}
      """, to: "targets.yaml")
    let ended = try await Command(["simulate", "case.yaml", "--target", "agent", "--json"], folder: folder).end(
      within: .seconds(60))
    let result = try #require(try JSONValue(parsing: ended.output).list("cases").first, "\(ended)")
    let texts = told.withLock { $0 }
    #expect(texts.first?.contains("Be brief.") == true && texts.first?.contains("look_up") == true, "\(texts)")
    let truncate = try JSONValue(parsing: try #require(texts.first { $0.contains("truncate") }))
    let played = try #require(truncate["audio_end_ms"]?.wholeNumber)
    // 100 frames of 20 ms were sent before; what the machine does meanwhile is its own affair.
    #expect((1500...8000).contains(played) && truncate.text(at: "item_id") == "item_1", "\(truncate)")
    #expect(texts.contains { $0.contains("function_call_output") && $0.contains("found") })
    let call = try #require(result.list("toolCalls").first)
    #expect(call.text(at: "name") == "look_up" && call["arguments"]?["id"]?.wholeNumber == 1)
  }
}
