import CallCore
import JSON
import TestSupport
import Testing
import Wires

@Suite("What a Realtime client appends, commits and asks for")
struct RealtimeInputTests {
  @Test(
    "audio of any length and phase comes out in packets of 20 ms, byte for byte, at the pace of sound",
    arguments: [1, 7, 64])
  func pieces(seed: UInt64) throws {
    var luck = SeededGenerator(seed: seed)
    let bench = try RealtimeBench.begun()
    let bytes = (0..<48_000).map { _ in UInt8.random(in: 0...255, using: &luck) }
    var place = 0
    while place < bytes.count {
      let end = min(place + 2 * Int.random(in: 0...4000, using: &luck), bytes.count)
      try bench.append(Array(bytes[place..<end]))
      place = end
    }
    bench.pass(2000)
    #expect(bench.packets.flatMap { $0 } == bytes)
    #expect(bench.packets.count == 50)
    #expect(bench.heardAt == (1...50).map { $0 * 20 })
  }

  @Test("what waits is bounded by a minute, the rest is refused, and memory is given back")
  func bound() throws {
    let bench = try RealtimeBench.begun()
    let second = [UInt8](repeating: 1, count: 48_000)
    for _ in 0..<60 { try bench.append(second) }
    #expect(bench.faults.isEmpty)
    try bench.append(second)
    #expect(bench.faults.map { $0.text(at: "error.code") } == ["input_audio_buffer_full"])
    bench.pass(61_000)
    #expect(bench.packets.count == 3000)
    try bench.append(second)
    bench.pass(1000)
    #expect(bench.packets.count == 3050)
  }

  @Test("after a pause of the client sound begins anew, after a hold-up it catches up")
  func pauses() throws {
    let bench = try RealtimeBench.begun()
    let frame = [UInt8](repeating: 1, count: 960)
    try bench.append(frame)
    bench.pass(100)
    for _ in 0..<4 { try bench.append(frame) }
    bench.pass(20)
    #expect(bench.heardAt == [20, 120, 120, 120, 120])
    bench.pass(1000)
    for _ in 0..<3 { try bench.append(frame) }
    bench.pass(60)
    #expect(bench.heardAt.suffix(3) == [1140, 1160, 1180])
  }

  @Test(
    "semantic VAD waits as long as its eagerness says; medium leaves it to the flow",
    arguments: [("high", 300), ("low", 1200), ("medium", nil), ("auto", nil)] as [(String, Int?)])
  func eagerness(name: String, milliseconds: Int?) throws {
    let bench = try RealtimeBench.begun()
    try bench.append([UInt8](repeating: 0, count: 960))
    // Another setting first, so that the default is a change as well.
    for turns in [#""create_response":false"#, #""create_response":true"#] {
      let detection = #"{"type":"semantic_vad","eagerness":"\#(name)",\#(turns)}"#
      try bench.receive(
        #"{"type":"session.update","session":{"audio":{"input":{"turn_detection":\#(detection)}}}}"#)
    }
    let settings = try #require(bench.turnSettings)
    #expect(settings.endOfTurnSilence == milliseconds.map { .milliseconds($0) } && settings.repliesByItself)
  }

  @Test("a silence that idle_timeout_ms ends is a turn of the caller without words, where in the audio it lay")
  func timeout() throws {
    let bench = try RealtimeBench.begun()
    let silence = #"{"type":"server_vad","idle_timeout_ms":2000}"#
    try bench.receive(
      #"{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":\#(silence)}}}}"#)
    bench.answer("At what time?")
    let quiet = bench.now
    try bench.append([UInt8](repeating: 0, count: 48_000))
    bench.pass(1000)
    bench.clear()
    bench.report(.nobodySpoke(since: quiet))
    #expect(
      bench.types == [
        "input_audio_buffer.timeout_triggered", "input_audio_buffer.committed", "conversation.item.added",
        "conversation.item.done", "conversation.item.input_audio_transcription.completed",
      ])
    let told = try bench.last("input_audio_buffer.timeout_triggered")
    #expect(told["audio_start_ms"] == .integer(0) && told["audio_end_ms"] == .integer(1000))
    let words = try bench.last("conversation.item.input_audio_transcription.completed")
    #expect(words.text(at: "item_id") == told.text(at: "item_id") && words.text(at: "transcript")?.isEmpty == true)
    #expect(try bench.last("conversation.item.done").text(at: "item.id") == told.text(at: "item_id"))
    bench.answer("Are you there?", utterance: 2)
    #expect(bench.types.contains("response.done") && bench.faults.isEmpty)
  }

  @Test("a commit and an answer come behind the audio before them")
  func commit() throws {
    let bench = try RealtimeBench.begun()
    try bench.receive(#"{"type":"session.update","session":{"audio":{"input":{"turn_detection":null}}}}"#)
    #expect(bench.events == ["configured"])
    bench.clear()
    try bench.append([UInt8](repeating: 1, count: 48_010))
    try bench.receive(#"{"type":"input_audio_buffer.commit"}"#)
    try bench.receive(#"{"type":"response.create","response":{"metadata":{"a":"b"}}}"#)
    bench.pass(1000)
    #expect(bench.events == [])
    bench.pass(40)
    #expect(bench.packets.count == 51)
    #expect(bench.events == ["commit", "reply"])
    #expect(bench.types == ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"])
    bench.report(.transcript(RealtimeBench.entry("Yes.", role: .caller, turn: 1, utterance: nil), final: true))
    bench.answer("Good.")
    #expect(try bench.last("response.created").text(at: "response.metadata.a") == "b")
    #expect(bench.faults.isEmpty)
  }

  @Test("one committed turn is recognised after the other")
  func commits() throws {
    let bench = try RealtimeBench.begun()
    for _ in 0..<2 {
      try bench.append([UInt8](repeating: 1, count: 9600))
      try bench.receive(#"{"type":"input_audio_buffer.commit"}"#)
    }
    bench.pass(1000)
    #expect(bench.events == ["commit"])
    bench.report(.transcript(RealtimeBench.entry("One.", role: .caller, turn: 1, utterance: nil), final: true))
    bench.pass(20)
    #expect(bench.events == ["commit", "commit"])
  }

  @Test("keys that were heard in the sound are an item of the caller; speech before them has an end")
  func keys() throws {
    let bench = try RealtimeBench.begun()
    bench.report(.speechStarted(at: bench.now))
    let begun = try bench.last("input_audio_buffer.speech_started").text(at: "item_id")
    for keys in ["4711", "1"] {
      bench.report(
        .transcript(RealtimeBench.entry(keys, role: .caller, turn: 1, utterance: nil, source: .keys), final: true))
      #expect(try bench.last("conversation.item.done").text(at: "item.role") == "user")
      guard case .array(let content)? = try bench.last("conversation.item.done")["item"]?["content"] else {
        Issue.record("no content")
        continue
      }
      #expect(content.map { $0.text(at: "text") } == [keys] && content.map { $0.text(at: "type") } == ["input_text"])
    }
    let item = ["conversation.item.added", "conversation.item.done"]
    #expect(bench.types == ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"] + item + item)
    #expect(try bench.last("input_audio_buffer.speech_stopped").text(at: "item_id") == begun)
    // The agent has answered them already: they are no text that a response is asked for.
    try bench.receive(#"{"type":"response.create"}"#)
    #expect(bench.events == ["reply"])
  }

  @Test("speech before a # alone has an end, and no item")
  func bareTerminator() throws {
    let bench = try RealtimeBench.begun()
    let none = CallReport.transcript(
      RealtimeBench.entry("", role: .caller, turn: 1, utterance: nil, source: .keys), final: true)
    bench.report(none)
    #expect(bench.types.isEmpty)
    for _ in 0..<2 {
      bench.report(.speechStarted(at: bench.now))
      bench.report(none)
    }
    let speech = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]
    #expect(bench.types == speech + speech)
    let ids = bench.sent.map { $0.text(at: "item_id") }
    #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2])
  }

  @Test("a turn without words holds up the next commit for 6 s and no longer")
  func wordless() throws {
    let bench = try RealtimeBench.begun()
    bench.report(.speechStarted(at: bench.now))
    bench.report(.speechStopped(at: bench.now))
    try bench.append([UInt8](repeating: 1, count: 9600))
    try bench.receive(#"{"type":"input_audio_buffer.commit"}"#)
    bench.pass(6000)
    #expect(bench.events == [])
    bench.pass(400)
    #expect(bench.events == ["commit"])
    #expect(try bench.last("conversation.item.input_audio_transcription.completed").text(at: "transcript") == "")
  }

  @Test("a commit of nothing that was understood leaves the turn before it alone")
  func emptyCommit() throws {
    let bench = try RealtimeBench.begun()
    bench.turn("Yes.", number: 1)
    try bench.append([UInt8](repeating: 1, count: 9600))
    try bench.receive(#"{"type":"input_audio_buffer.commit"}"#)
    bench.pass(1000)
    bench.report(.transcript(RealtimeBench.entry("", role: .caller, turn: 1, utterance: nil), final: true))
    #expect(!bench.types.contains("conversation.item.deleted"))
  }

  @Test("what is cleared is not heard; a commit before it is")
  func clear() throws {
    let bench = try RealtimeBench.begun()
    try bench.append([UInt8](repeating: 1, count: 9600))
    try bench.receive(#"{"type":"input_audio_buffer.commit"}"#)
    try bench.append([UInt8](repeating: 2, count: 9600))
    try bench.receive(#"{"type":"input_audio_buffer.clear"}"#)
    bench.pass(1000)
    #expect(bench.packets.count == 10)
    #expect(bench.events == ["commit"])
    try bench.receive(#"{"type":"input_audio_buffer.clear"}"#)
    #expect(bench.events == ["commit", "discardInput"])
  }

  @Test("G.711 both ways", arguments: [("pcmu", AudioCodec.mulaw), ("pcma", .alaw)])
  func g711(_ name: String, _ codec: AudioCodec) throws {
    let bench = RealtimeBench()
    let format = #"{"format":{"type":"audio/\#(name)"}}"#
    try bench.receive(#"{"type":"session.update","session":{"audio":{"input":\#(format),"output":\#(format)}}}"#)
    #expect(bench.invitation?.codec == codec)
    #expect(bench.invitation?.sampleRate == 8000)
    try bench.append([UInt8](repeating: 7, count: 400))
    bench.pass(100)
    #expect(bench.packets.map(\.count) == [160, 160])
    #expect(bench.say(1, bytes: 160))
  }

  @Test("a typed text is answered when an answer is wanted, once")
  func typed() throws {
    let bench = try RealtimeBench.begun()
    try bench.receive(
      #"{"type":"conversation.item.create","item":{"id":"mine","type":"message","role":"user","content":[{"type":"input_text","text":"On Monday."}]}}"#
    )
    #expect(bench.types == ["conversation.item.added", "conversation.item.done"])
    #expect(try bench.last("conversation.item.added").text(at: "item.id") == "mine")
    #expect(bench.events == [])
    try bench.receive(#"{"type":"response.create"}"#)
    #expect(bench.events == ["text On Monday.", "reply"])
    bench.answer("Which Monday?")
    bench.clear()
    try bench.receive(#"{"type":"response.create"}"#)
    #expect(bench.events == ["reply"])
  }

  @Test("items stand where the client puts them")
  func places() throws {
    let bench = try RealtimeBench.begun()
    func add(_ id: String, _ previous: String) throws {
      try bench.receive(
        #"{"type":"conversation.item.create","previous_item_id":\#(previous),"item":{"id":"\#(id)","type":"message","role":"system","content":[]}}"#
      )
    }
    try add("a", "null")
    try add("b", "null")
    try add("c", "\"a\"")
    try add("d", "\"root\"")
    let added = bench.sent.filter { $0.text(at: "type") == "conversation.item.added" }
    #expect(added.map { $0.text(at: "previous_item_id") } == [nil, "a", "a", nil])
  }

  @Test("one answer at a time, and a cancelled one is over")
  func oneAtATime() throws {
    let bench = try RealtimeBench.begun()
    try bench.receive(#"{"type":"response.create"}"#)
    try bench.receive(#"{"type":"response.create","event_id":"e1"}"#)
    let error = try bench.last("error")
    #expect(error.text(at: "error.code") == "conversation_already_has_active_response")
    #expect(error.text(at: "error.event_id") == "e1")
    try bench.receive(#"{"type":"response.cancel"}"#)
    #expect(bench.events == ["reply", "cancelReply"])
    #expect(try bench.last("response.done").text(at: "response.status_details.reason") == "client_cancelled")
    _ = bench.say(3)
    try bench.receive(#"{"type":"response.cancel"}"#)
    bench.report(.clear(UtteranceID(1)))
    bench.report(.agentInterrupted(RealtimeBench.entry("Hello.")))
    #expect(try bench.last("response.done").text(at: "response.status_details.reason") == "client_cancelled")
    bench.clear()
    try bench.receive(#"{"type":"response.cancel"}"#)
    #expect(bench.faults.map { $0.text(at: "error.code") } == ["response_cancel_not_active"])
  }

  @Test("an answer that cannot be made fails, and one that was asked for before the caller speaks is cancelled")
  func failed() throws {
    let bench = try RealtimeBench.begun()
    try bench.receive(#"{"type":"response.create"}"#)
    bench.report(.trouble(code: "nothing-to-say", message: "nothing"))
    #expect(bench.types == ["response.created", "response.done"])
    #expect(try bench.last("response.done").text(at: "response.status_details.error.code") == "nothing_to_say")
    try bench.receive(#"{"type":"response.create"}"#)
    bench.report(.speechStarted(at: bench.now))
    #expect(try bench.last("response.done").text(at: "response.status") == "cancelled")
    bench.report(.speechStopped(at: bench.now))
    bench.report(.trouble(code: "recognition-failed", message: "no engine"))
    #expect(bench.types.last == "conversation.item.input_audio_transcription.failed")
  }
}
