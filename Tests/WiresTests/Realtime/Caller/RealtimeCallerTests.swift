import CallCore
import JSON
import Testing
import Wires

@Suite("Client's side of the Realtime protocol")
struct RealtimeCallerTests {
  @Test("it asks for what the settings say, and for nothing else")
  func session() throws {
    var bench = CallerBench(begins: false)
    bench.begin()
    let update = try #require(bench.written.first)
    #expect(update.text(at: "type") == "session.update" && update.text(at: "session.type") == "realtime")
    #expect(update.text(at: "session.audio.input.format.type") == "audio/pcm")
    #expect(update["session"]?["audio"]?["output"]?["format"]?["rate"] == .integer(24_000))
    #expect(update.text(at: "session.audio.input.turn_detection.type") == "server_vad")
    #expect(update["session"]?["audio"]?["input"]?["turn_detection"]?["interrupt_response"] == .bool(true))
    #expect(update["session"]?["instructions"] == nil && update["session"]?["tools"] == nil)
    var settings = RealtimeCallSettings()
    settings.instructions = "Be brief."
    settings.format = RealtimeCallSettings.pcmu
    settings.tools = [
      "look_up": .init(description: "Looks up.", parameters: #"{"type":"object","properties":{}}"#, output: "{}"),
      "known": .init(output: "1"),
    ]
    bench = CallerBench(settings, begins: false)
    bench.begin()
    let other = try #require(bench.written.first)
    #expect(other.text(at: "session.instructions") == "Be brief.")
    #expect(other.text(at: "session.audio.output.format.type") == "audio/pcmu")
    guard case .array(let tools)? = other["session"]?["tools"] else { return #expect(Bool(false), "\(other)") }
    #expect(tools.count == 1 && tools[0].text(at: "name") == "look_up", "a tool without words is the server's own")
    #expect(tools[0].text(at: "parameters.type") == "object")
  }

  @Test("audio of the caller is appended packet by packet; what was lost is silence, what comes too late is lost")
  func appends() {
    let bench = CallerBench()
    bench.send(7, number: 0)
    bench.send(7, number: 3)
    bench.send(7, number: 2)
    bench.send(7, number: 4)
    let audio = [7, 0, 0, 7, 7].map { RealtimeBench.base64([UInt8](repeating: $0, count: CallerBench.frame)) }
    #expect(bench.appended == audio.map { #"{"type":"input_audio_buffer.append","audio":"\#($0)"}"# })
    bench.send(7, number: 1_000_000)
    #expect(bench.appended.count == 5 + 250 + 1, "a gap is filled up to 5 s")
    #expect(bench.codes.isEmpty)
    bench.send(7, number: 1_000_001, isTaken: false)
    #expect(bench.codes == ["slow-reader"])
  }

  @Test("audio that comes at once is played at the pace of sound, and what is told of it comes when it is played")
  func pace() {
    let bench = CallerBench()
    bench.answer(200)
    #expect(bench.queue.queuedBytes == 10 * CallerBench.frame && bench.events.isEmpty)
    bench.pass(400)
    #expect(bench.framesPlayed == 10)
    #expect(bench.events == ["0 started 1 0 Hello.", "200 finished 1 200 Hello.", "200 finished"])
    #expect(bench.codes.isEmpty && bench.written.isEmpty)
  }

  @Test("deltas of any length, whole samples or not, are one sound", arguments: [1, 2, 3, 7, 959, 961, 5000, 100_000])
  func pieces(size: Int) {
    let bench = CallerBench()
    bench.beginResponse()
    let sound = [UInt8](repeating: 7, count: size)
    bench.say(
      "response.output_audio.delta", bench.ids("item_1", "resp_1") + #","delta":"\#(RealtimeBench.base64(sound))""#)
    #expect(bench.queue.queuedBytes == size / 2 * 2)
    #expect(bench.codes == (size.isMultiple(of: 2) ? [] : ["bad-message"]))
  }

  @Test("a caller who speaks stops everything, and the server is told what was played: never more than came")
  func bargeIn() throws {
    let bench = CallerBench()
    bench.beginResponse()
    bench.words("Hello, this is")
    bench.audio(1000)
    bench.pass(300)
    bench.clear()
    bench.callerSpeaks()
    #expect(bench.queue.queuedBytes == 0)
    #expect(bench.events == ["300 speech started", "300 interrupted 1 300 Hello, this is", "300 cleared"])
    #expect(bench.types == ["conversation.item.truncate"])
    let truncate = try #require(bench.written.first)
    #expect(truncate.text(at: "item_id") == "item_1" && truncate["audio_end_ms"] == .integer(300))
    // On their way when the caller spoke.
    bench.audio(100)
    bench.endResponse(status: "cancelled")
    #expect(bench.queue.queuedBytes == 0 && bench.codes.isEmpty)
    bench.audio(100)
    #expect(bench.queue.queuedBytes == 0 && bench.codes == ["late-audio"])
    bench.pass(100)
    #expect(bench.framesPlayed == 15)
  }

  @Test("audio that is still played after response.done is stopped, too; what was played to its end is not truncated")
  func bargeInAfterDone() throws {
    let bench = CallerBench()
    bench.answer(100, id: "resp_1", item: "item_1")
    bench.answer(1000, id: "resp_2", item: "item_2")
    bench.pass(400)
    bench.clear()
    bench.callerSpeaks()
    #expect(bench.written.compactMap { $0.text(at: "item_id") } == ["item_2"])
    #expect(try #require(bench.written.first)["audio_end_ms"] == .integer(300))
    #expect(bench.events.last == "400 cleared")
    bench.pass(200)
    bench.clear()
    bench.callerSpeaks("item_u2")
    #expect(bench.written.isEmpty && bench.events == ["600 speech started"], "nothing was left to stop")
  }

  @Test("two items whose pieces come in turn are each truncated by what was played of them")
  func twoItems() throws {
    let bench = CallerBench()
    bench.beginResponse()
    bench.audio(100)
    bench.announce("item_2", in: "resp_1")
    bench.audio(100, item: "item_2")
    bench.audio(100)
    bench.audio(500, item: "item_2")
    bench.pass(400)
    bench.clear()
    bench.callerSpeaks()
    let ends = bench.written.compactMap { $0["audio_end_ms"]?.wholeNumber }
    #expect(bench.written.compactMap { $0.text(at: "item_id") }.contains("item_2"))
    #expect(ends.last == 200, "\(bench.written)")
    #expect(bench.codes.isEmpty)
  }

  @Test("a response that was cut before any audio came is not truncated")
  func nothingToTruncate() {
    let bench = CallerBench()
    bench.beginResponse()
    bench.callerSpeaks()
    #expect(bench.written.isEmpty && bench.events == ["0 speech started"])
    bench.audio(100)
    #expect(bench.queue.queuedBytes == 0)
  }

  @Test("a response that the server broke off before it said that the caller speaks counts as cut")
  func brokenOff() {
    let bench = CallerBench()
    bench.beginResponse()
    bench.audio(60)
    bench.pass(100)
    bench.say("response.output_audio.done", bench.ids("item_1", "resp_1"))
    bench.endResponse(status: "cancelled")
    bench.pass(40)
    #expect(bench.events.contains("100 interrupted 1 60 "), "\(bench.events)")
  }

  @Test("words that come while they are played are told as they grow; the end of the call ends what is being said")
  func growingWords() {
    let bench = CallerBench()
    bench.beginResponse()
    bench.audio(1000)
    bench.pass(40)
    bench.words("Hello, ")
    bench.words("Harbour")
    bench.finish()
    #expect(
      bench.events == [
        "0 started 1 0 ", "40 says Hello, ", "40 says Hello, Harbour", "40 interrupted 1 40 Hello, Harbour",
      ])
  }

  @Test("of words without end as many are kept as stated, in characters, however small the pieces")
  func endlessWords() {
    let bench = CallerBench()
    bench.beginResponse()
    bench.audio(20)
    for _ in 0..<20_000 { bench.words("äöü ") }
    bench.pass(20)
    let text = String(repeating: "äöü ", count: 65_536 / 4)
    #expect(bench.events == ["0 started 1 0 \(text)"])
    bench.clear()
    bench.words("more")
    #expect(bench.events == ["20 says \(text)"])
  }

  @Test("of an answer that came at once, what was heard until the caller hung up is told, and no more")
  func hangUp() {
    let bench = CallerBench()
    bench.answer(1000)
    bench.pass(320)
    bench.finish()
    #expect(bench.events == ["0 started 1 0 Hello.", "320 interrupted 1 320 Hello."])
  }

  @Test("what the caller said is told with its turn and when that began, whenever its words come")
  func understood() {
    let bench = CallerBench()
    for number in 1...2 {
      bench.pass(500)
      bench.callerSpeaks("item_u\(number)")
      bench.pass(500)
      bench.say("input_audio_buffer.speech_stopped", #""item_id":"item_u\#(number)","audio_end_ms":900"#)
      bench.say("input_audio_buffer.committed", #""item_id":"item_u\#(number)","previous_item_id":null"#)
    }
    for number in [2, 1] {
      bench.say(
        "conversation.item.input_audio_transcription.completed",
        #""item_id":"item_u\#(number)","content_index":0,"transcript":"words \#(number)","usage":{"type":"duration","seconds":1}"#
      )
    }
    #expect(bench.events.suffix(2) == ["2000 caller 2 at 1500: words 2", "2000 caller 1 at 500: words 1"])
    bench.answer(20)
    bench.pass(20)
    #expect(bench.codes.isEmpty)
  }

  @Test(
    "a server that names the caller's item only when it takes it in: the words are of when the caller began to speak")
  func understoodLater() {
    let bench = CallerBench()
    func words(_ id: String) {
      bench.say("input_audio_buffer.committed", #""item_id":"\#(id)","previous_item_id":null"#)
      bench.pass(300)
      bench.say(
        "conversation.item.input_audio_transcription.completed",
        #""item_id":"\#(id)","content_index":0,"transcript":"words","usage":{"type":"duration","seconds":1}"#)
    }
    bench.say("input_audio_buffer.speech_started", #""audio_start_ms":0"#)
    bench.pass(200)
    words("item_u1")
    // And one that does not even say that.
    words("item_u2")
    #expect(
      bench.events == ["0 speech started", "500 caller 1 at 0: words", "800 caller 2 at 500: words"])
  }

  // MARK: - Asking

  private static let greetings: [(name: String, greeting: RealtimeCallSettings.Greeting, says: Bool, asked: [Int])] = [
    ("auto, silent server", .auto, false, [2000]), ("auto, server that greets", .auto, true, []),
    ("ask", .ask, false, [0]), ("none", .none, false, []),
  ]

  @Test("a silent agent is asked to greet, as the target says", arguments: greetings.indices)
  func greeting(index: Int) {
    let row = Self.greetings[index]
    var settings = RealtimeCallSettings()
    settings.greeting = row.greeting
    let bench = CallerBench(settings)
    if row.says { bench.beginResponse() }
    var asked: [Int] = []
    for _ in 0..<200 {
      let before = bench.written.count
      let at = bench.milliseconds
      bench.pass(20)
      if bench.written.count > before { asked.append(at) }
    }
    #expect(asked == row.asked, "\(row.name)")
    #expect(bench.types.allSatisfy { $0 == "response.create" })
  }

  @Test("a caller who speaks first is not greeted")
  func speaksFirst() {
    let bench = CallerBench()
    bench.pass(1000)
    bench.callerSpeaks()
    bench.pass(3000)
    #expect(bench.written.isEmpty)
  }

  @Test("a tool is answered as the target states, else by an error, and the agent is asked to go on")
  func tools() throws {
    var settings = RealtimeCallSettings()
    settings.tools = ["look_up": .init(output: #"{"status":"shipped"}"#)]
    let bench = CallerBench(settings)
    bench.callTool("look_up", #""{\"id\":\"4711\"}""#)
    #expect(bench.toolCalls == [ToolCall(name: "look_up", arguments: #"{"id":"4711"}"#)])
    #expect(bench.types == ["conversation.item.create", "response.create"])
    #expect(bench.written[0].text(at: "item.output") == #"{"status":"shipped"}"#)
    #expect(bench.written[0].text(at: "item.call_id") == "call_1")
    bench.clear()
    bench.callTool("other", #""{}""#, id: "resp_2", call: "call_2")
    #expect(bench.written[0].text(at: "item.output")?.contains("there is no such tool here") == true)
    #expect(bench.codes.isEmpty, "\(bench.side.findings)")
  }

  @Test(
    "a tool of a response that was broken off is not done, and no other response is asked for",
    arguments: ["cancelled", "incomplete", "failed"])
  func toolOfCancelled(status: String) {
    let bench = CallerBench()
    bench.say("response.created", #""response":{"id":"resp_1"}"#)
    let item = #"{"id":"i","type":"function_call","call_id":"c","name":"n","arguments":"{\"half\":"}"#
    bench.say("response.output_item.added", #""response_id":"resp_1","output_index":0,"item":\#(item)"#)
    bench.callerSpeaks()
    bench.say("response.done", #""response":{"id":"resp_1","status":"\#(status)","output":[\#(item)]}"#)
    bench.callTool("whole", #""{}""#, id: "resp_2", call: "call_2", status: status)
    #expect(bench.toolCalls.isEmpty && bench.written.isEmpty && bench.codes.isEmpty, "\(bench.side.findings)")
  }

  @Test("a tool of a response that the caller cut off and the server never ended is not done either")
  func toolOfCutOff() {
    let bench = CallerBench()
    bench.callTool("whole", #""{}""#, status: nil)
    bench.callerSpeaks()
    bench.pass(11_000)
    #expect(bench.codes == ["response-not-done"] && bench.toolCalls.isEmpty && bench.written.isEmpty)
    let other = CallerBench()
    other.callTool("whole", #""{}""#, status: nil)
    other.pass(11_000)
    #expect(other.toolCalls.count == 1, "nobody cut it off")
  }

  @Test("a second response is asked for only when the first one is over, and again when the server's own came first")
  func oneAtATime() throws {
    let bench = CallerBench()
    // The server answers the caller by itself, just when a tool is answered.
    bench.callTool("other", #""{}""#)
    let id = try #require(bench.written.last?.text(at: "event_id"))
    bench.beginResponse("resp_2", item: "item_2")
    bench.say(
      "error",
      #""error":{"type":"invalid_request_error","code":"conversation_already_has_active_response","message":"m","param":null,"event_id":"\#(id)"}"#
    )
    bench.clear()
    bench.pass(200)
    #expect(bench.written.isEmpty)
    bench.audio(20, item: "item_2", response: "resp_2")
    bench.endItem("item_2", "resp_2")
    bench.endResponse("resp_2")
    #expect(bench.types == ["response.create"])
    #expect(bench.codes.isEmpty, "the two crossed: neither side did wrong")
  }

  @Test("an answer to a tool while another response is under way waits for its end")
  func waitsForTheOther() {
    let bench = CallerBench()
    bench.beginResponse("resp_0", item: "item_0")
    bench.callTool("other", #""{}""#)
    #expect(bench.types == ["conversation.item.create"])
    bench.endResponse("resp_0", status: "cancelled")
    #expect(bench.types == ["conversation.item.create", "response.create"])
    #expect(bench.codes == ["two-responses"])
  }
}
