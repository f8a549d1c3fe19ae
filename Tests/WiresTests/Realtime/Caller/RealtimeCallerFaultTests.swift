import CAllocationCounter
import CallCore
import JSON
import TestSupport
import Testing
import Wires

@Suite("What a Realtime server does wrong")
struct RealtimeCallerFaultTests {
  /// What a server does, and what is told of it. The call goes on after each.
  private struct Row: Sendable {
    let name: String
    let codes: [String]
    let act: @Sendable (CallerBench) -> Void

    init(_ codes: [String], _ name: String, _ act: @escaping @Sendable (CallerBench) -> Void) {
      (self.name, self.codes, self.act) = (name, codes, act)
    }
  }

  private static let rows: [Row] = [
    Row([], "a perfect response") { $0.answer(100) },
    Row([], "events that tell nothing") { bench in
      bench.say("rate_limits.updated", #""rate_limits":[]"#)
      bench.say("conversation.item.truncated", #""item_id":"x","content_index":0,"audio_end_ms":0"#)
    },
    Row(["event-without-id"], "audio without event_id") { bench in
      bench.beginResponse()
      bench.say("response.output_audio.delta", bench.ids("item_1", "resp_1") + #","delta":"BwcHBwcH""#, hasID: false)
    },
    Row(["event-without-id"], "another event without event_id") { $0.say("rate_limits.updated", hasID: false) },
    Row(["response-not-created"], "response.created is missing") { bench in
      bench.announce("item_1", in: "resp_1")
      bench.audio(20)
      bench.endItem()
      bench.endResponse()
    },
    Row(["response-not-created"], "response.done of nothing") { $0.endResponse("resp_9") },
    Row(
      [
        "output-item-not-added", "item-not-added", "item-not-done", "output-item-not-done", "audio-not-done",
        "no-transcript",
      ], "audio alone"
    ) {
      bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      bench.audio(20)
      bench.endResponse()
    },
    Row(["unknown-item"], "words of an unknown item") { bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      bench.words("Hello")
    },
    Row(["unknown-item"], "the end of an unknown item") { bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      bench.say("response.output_audio.done", bench.ids("item_9", "resp_1"))
    },
    Row(["two-responses"], "two responses at once") { bench in
      bench.beginResponse()
      bench.say("response.created", #""response":{"id":"resp_2"}"#)
    },
    Row([], "a response beside the conversation") { bench in
      bench.beginResponse()
      bench.say("response.created", #""response":{"id":"resp_2","conversation_id":null}"#)
    },
    Row(["no-audio"], "an answer as text") { bench in
      bench.beginResponse()
      bench.say("response.output_text.delta", bench.ids("item_1", "resp_1") + #","delta":"Hello.""#)
      bench.endItem(words: "")
      bench.endResponse()
    },
    Row([], "a tool that the server itself calls") { bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      let item = #"{"id":"i","type":"mcp_call","name":"n","arguments":"{}","output":"1"}"#
      bench.say("response.output_item.added", #""response_id":"resp_1","output_index":0,"item":\#(item)"#)
      bench.say("response.mcp_call.completed", #""item_id":"i","output_index":0"#)
      bench.say("response.done", #""response":{"id":"resp_1","status":"completed","output":[\#(item)]}"#)
      #expect(bench.toolCalls.isEmpty && bench.written.isEmpty)
    },
    Row(["late-audio"], "audio behind response.done") { bench in
      bench.answer(20)
      bench.audio(20)
    },
    Row(["late-audio"], "audio a second after the caller spoke") { bench in
      bench.beginResponse()
      bench.audio(20)
      bench.callerSpeaks()
      bench.pass(1200)
      bench.audio(20)
    },
    Row(["part-type"], "a part of an item's type") { bench in
      bench.beginResponse()
      bench.say("response.content_part.added", bench.ids("item_1", "resp_1") + #","part":{"type":"output_audio"}"#)
    },
    Row(["beta-event"], "names of the beta, which are heard") { bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      let item = #""item":{"id":"item_1","type":"message"}"#
      bench.say("response.output_item.added", #""response_id":"resp_1","output_index":0,\#(item)"#)
      bench.say("conversation.item.created", item)
      bench.say("response.audio.delta", bench.ids("item_1", "resp_1") + #","delta":"BwcHBwcH""#)
      bench.say("response.audio_transcript.delta", bench.ids("item_1", "resp_1") + #","delta":"Hello""#)
      #expect(bench.queue.queuedBytes == 6)
    },
    Row(["wrong-rate"], "16,000 samples a second") {
      $0.say(
        "session.updated",
        #""session":{"type":"realtime","audio":{"output":{"format":{"type":"audio/pcm","rate":16000}}}}"#)
    },
    Row(["wrong-rate"], "a format as text") {
      $0.say("session.updated", #""session":{"type":"realtime","audio":{"input":{"format":"pcm16"}}}"#)
    },
    Row(["wrong-rate"], "another format than was asked for") {
      $0.say("session.updated", #""session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"}}}}"#)
    },
    Row(["session-without-type"], "a session without its type") { $0.say("session.updated", #""session":{}"#) },
    Row(["transcription-without-usage"], "words of the caller without usage") {
      $0.say(
        "conversation.item.input_audio_transcription.completed", #""item_id":"u","content_index":0,"transcript":"x""#)
    },
    Row(["transcription-failed"], "no words of the caller") {
      $0.say(
        "conversation.item.input_audio_transcription.failed",
        #""item_id":"u","content_index":0,"error":{"type":"server_error","message":"no"}"#)
    },
    Row(["arguments-not-done"], "a tool without arguments.done") { bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      let item = #"{"id":"i","type":"function_call","call_id":"c","name":"n","arguments":"{}"}"#
      for type in ["added", "done"] {
        bench.say("response.output_item.\(type)", #""response_id":"resp_1","output_index":0,"item":\#(item)"#)
        bench.say("conversation.item.\(type)", #""item":\#(item)"#)
      }
      bench.endResponse()
      #expect(bench.toolCalls == [ToolCall(name: "n", arguments: "{}")])
    },
    Row(["item-not-done", "output-item-not-done", "arguments-not-done"], "a tool that response.done alone names") {
      bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      bench.say(
        "response.done",
        #""response":{"id":"resp_1","status":"completed","output":[{"id":"i","type":"function_call","call_id":"c","name":"n","arguments":"{}"}]}"#
      )
      #expect(bench.types == ["conversation.item.create", "response.create"])
    },
    Row(["call-without-name"], "arguments.done without name") { bench in
      bench.say("response.created", #""response":{"id":"resp_1"}"#)
      bench.say(
        "response.function_call_arguments.done", bench.ids("i", "resp_1") + #","call_id":"c","arguments":"{}""#)
    },
    Row(["error"], "an error") { $0.say("error", #""error":{"type":"server_error","code":"x","message":"m"}"#) },
    Row(["error"], "an error as text") { $0.say("error", #""error":"oops""#) },
    Row(["error", "error-without-event-id", "response-not-created"], "an error that names no event, and no response") {
      bench in
      bench.pass(2100)
      bench.say("error", #""error":{"type":"server_error","message":"m"}"#)
      bench.pass(11_000)
    },
    Row(["response-not-done"], "response.done is missing, and the next answer is asked for all the same") { bench in
      bench.beginResponse()
      bench.audio(500)
      bench.endItem()
      bench.pass(11_000)
      #expect(bench.events.contains { $0.hasSuffix("finished") })
    },
  ]

  @Test("each is told by its name, and the call goes on", arguments: rows.indices)
  func row(index: Int) {
    let row = Self.rows[index]
    let bench = CallerBench()
    row.act(bench)
    #expect(bench.codes == row.codes, "\(row.name): \(bench.side.findings)")
    #expect(bench.side.findings.allSatisfy { $0.text.count < 600 })
    let before = bench.framesPlayed
    bench.pass(2000)
    bench.beginResponse("resp_last", item: "item_last")
    bench.audio(40, item: "item_last", response: "resp_last")
    bench.pass(60)
    #expect(bench.framesPlayed >= before + 2, "\(row.name)")
  }

  @Test("a server that says nothing is told after 10 s, and nothing hangs")
  func silent() {
    let bench = CallerBench(begins: false)
    bench.begin()
    bench.pass(9_900)
    #expect(bench.codes.isEmpty)
    bench.pass(12_000)
    #expect(bench.codes == ["session-not-created", "session-not-updated"])
    #expect(bench.types == ["session.update", "response.create"], "it is asked to greet all the same")
  }

  @Test("events before session.created are told")
  func order() {
    let bench = CallerBench(begins: false)
    bench.begin()
    bench.answer(20)
    #expect(bench.codes == ["session-not-created"])
    bench.pass(40)
    #expect(bench.framesPlayed == 1)
  }

  private static let bad: [(text: String, code: String)] = [
    ("", "bad-message"), ("{", "bad-message"), ("[]", "bad-message"), ("null", "bad-message"), ("{}", "bad-message"),
    (#"{"type":7}"#, "bad-message"), (#"{"type":"","event_id":"e"}"#, "bad-message"),
    (#"{"type":"session.created","event_id":"e"}"#, "bad-message"),
    (#"{"type":"session.created","event_id":"e","session":[]}"#, "bad-message"),
    (#"{"type":"response.created","event_id":"e"}"#, "bad-message"),
    (#"{"type":"response.done","event_id":"e","response":7}"#, "bad-message"),
    (#"{"type":"response.done","event_id":"e","response":{"id":"r","output":[7]}}"#, "bad-message"),
    (#"{"type":"response.output_audio.delta","event_id":"e"}"#, "bad-message"),
    (
      #"{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","delta":7}"#, "bad-message"
    ),
    (#"{"type":"response.output_item.added","event_id":"e","item":{"id":"i"}}"#, "bad-message"),
    (#"{"type":"conversation.item.added","event_id":"e","item":{}}"#, "bad-message"),
    (#"{"type":"input_audio_buffer.committed","event_id":"e"}"#, "bad-message"),
    (#"{"type":"dance","event_id":"e"}"#, "unknown-event"),
    (#"{"type":"\#(String(repeating: "x", count: 100_000))","event_id":"e"}"#, "bad-message"),
    (String(repeating: "[", count: 100) + String(repeating: "]", count: 100), "bad-message"),
  ]

  @Test("what is no event of a server is told once and dropped", arguments: bad.indices)
  func badMessage(index: Int) {
    let bench = CallerBench()
    for _ in 0..<3 { bench.receive(Self.bad[index].text) }
    #expect(bench.codes.contains(Self.bad[index].code), "\(Self.bad[index].text): \(bench.side.findings)")
    #expect(Set(bench.codes).count == bench.codes.count, "each is told once")
    #expect(bench.side.findings.allSatisfy { $0.text.count < 600 })
    bench.answer(40, id: "resp_last", item: "item_last")
    bench.pass(100)
    #expect(bench.framesPlayed == 2)
  }

  @Test("binary messages, long ones and Base64 that is none are told; audio before the fault is played")
  func badAudio() {
    let bench = CallerBench()
    bench.receive("abc", isText: false)
    bench.beginResponse()
    bench.say("response.output_audio.delta", bench.ids("item_1", "resp_1") + #","delta":"no base64!""#)
    #expect(bench.codes == ["binary-message", "bad-message"] && bench.queue.queuedBytes == 0)
    bench.audio(30_000)
    #expect(bench.codes.last == "long-message")
    #expect(bench.queue.queuedBytes == 1500 * CallerBench.frame, "it is played all the same")
    for _ in 0..<20 { bench.audio(30_000) }
    #expect(bench.codes.last == "queue-full")
    #expect(bench.queue.queuedBytes == 30_000 * CallerBench.frame)
  }

  @Test(
    "audio under an id that is too long, or empty, is dropped and told, as every other event with one",
    arguments: [0, 513, 100_000])
  func badID(length: Int) {
    for isItem in [true, false] {
      let bench = CallerBench()
      bench.beginResponse()
      let id = String(repeating: "x", count: length)
      bench.audio(20, item: isItem ? id : "item_1", response: isItem ? "resp_1" : id)
      #expect(bench.codes == ["bad-message"] && bench.queue.queuedBytes == 0)
      #expect(bench.side.findings.allSatisfy { $0.text.count < 600 })
    }
    let bench = CallerBench()
    let id = String(repeating: "x", count: 512)
    bench.beginResponse(id, item: id)
    bench.audio(20, item: id, response: id)
    #expect(bench.codes.isEmpty && bench.queue.queuedBytes > 0)
  }

  @Test("a flood of responses, items and calls of tools leaves a bounded memory, and the last is played")
  func flood() {
    let bench = CallerBench()
    for number in 0..<1500 {
      bench.say("response.created", #""response":{"id":"r\#(number)"}"#)
      bench.say("response.output_audio.done", bench.ids("i\(number)", "r0"))
      if number % 3 == 0 { bench.endResponse("r\(number)") }
    }
    for number in 0..<300 { bench.callTool("n", #""{}""#, id: "t\(number)", call: "c\(number)") }
    #expect(bench.toolCalls.count == 256)
    bench.answer(40, id: "resp_last", item: "item_last")
    bench.pass(100)
    #expect(bench.framesPlayed == 2)
  }

  @Test(
    "a server that closes before it made a session has broken off, however politely", arguments: [1000, 1001, 1005])
  func closedBeforeSession(code: Int) {
    let bench = CallerBench(begins: false)
    bench.begin()
    #expect(bench.side.closed(code: code, reason: "") == .brokenOff)
    #expect(bench.codes.contains("session-not-created"))
  }

  @Test("an agent that calls over 256 tools is told so, and still gets an answer to each, which is an error then")
  func tools() {
    let bench = CallerBench()
    for number in 0..<257 {
      bench.clear()
      bench.callTool("n", #""{}""#, id: "t\(number)", call: "c\(number)")
      #expect(bench.types == ["conversation.item.create", "response.create"])
      let output = bench.written.first?.text(at: "item.output") ?? ""
      #expect(output.contains("may call no more") == (number == 256), "\(number): \(output)")
    }
    #expect(bench.toolCalls.count == 256 && bench.codes == ["too-many-tools"])
  }

  private static let ends: [(code: Int, reason: String, isUp: Bool, end: PlatformEnd, codes: [String])] = [
    (1000, "", true, .over(.completed), []), (1005, "", true, .over(.completed), []),
    (1001, "Your session hit the maximum duration of 60 minutes.", true, .over(.timeLimit), ["closed"]),
    (1001, "going away", true, .brokenOff, ["closed"]), (1006, "", true, .brokenOff, ["closed"]),
    (1009, "", true, .brokenOff, ["long-message"]), (1011, "keepalive ping timeout", true, .brokenOff, ["closed"]),
    (
      4000, "beta", false, .refused(code: "beta_api_shape_disabled", message: "gone (beta_api_shape_disabled)"),
      ["error", "closed"]
    ),
  ]

  @Test("a connection that the server closes ends the call, breaks it off or refuses it", arguments: ends.indices)
  func closed(index: Int) {
    let row = Self.ends[index]
    let bench = CallerBench(begins: row.isUp)
    if !row.isUp {
      bench.say("error", #""error":{"type":"invalid_request_error","code":"beta_api_shape_disabled","message":"gone"}"#)
    }
    #expect(bench.side.closed(code: row.code, reason: row.reason) == row.end)
    #expect(bench.codes == row.codes)
  }

  @Test(
    "a frame allocates nothing, while both speak",
    .enabled(
      if: counts_allocations() != 0 && BuildConfiguration.isRelease, "needs a release build without sanitizers"),
    arguments: [RealtimeCallSettings.pcm, RealtimeCallSettings.pcmu])
  func allocations(format: AudioFormat) {
    var settings = RealtimeCallSettings()
    settings.format = format
    let side = RealtimePlatformSide(settings)
    var queue = PlayoutQueue(format)
    var counts: [Int] = []
    let packet = [UInt8](repeating: 7, count: format.codec == .mulaw ? 160 : 960)
    let text =
      #"{"type":"response.output_audio.delta","event_id":"event_0000000001","response_id":"resp_0123456789_1","#
      + #""item_id":"item_0123456789_1","output_index":0,"content_index":0,"delta":"\#(RealtimeBench.base64(packet))"}"#
    let delta = Array(text.utf8)
    for number in 0..<300 {
      let now = Timestamp.zero + .milliseconds(number * 20)
      let before = allocations_of_this_thread()
      delta.withUnsafeBytes {
        side.receive($0, isText: true, at: now, into: &queue) { _ in
        } _: { _ in
        }
      }
      side.advance(at: now, into: &queue) { _ in
      } _: { _ in
      }
      queue.play(until: now) { mark, start in
        side.reached(mark, at: start) { _ in
        } _: { _ in
        }
      } play: { _, _ in
      }
      packet.withUnsafeBytes { side.send($0, number: UInt32(number)) { _ in true } }
      counts.append(allocations_of_this_thread() - before)
    }
    #expect(counts.dropFirst(10).allSatisfy { $0 == 0 }, "\(counts)")
  }
}
