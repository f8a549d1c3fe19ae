import CallCore
import JSON
import Testing
import Wires

@Suite("Messages of the JSON wire")
struct LegacyMessageTests {
  /// What `config` asks for: the flow, what answers, whether the agent is heard, and what the call is told besides.
  static let configurations:
    [(config: String, flow: String, answering: CallInvitation.Answering, isHeard: Bool, events: [String])] = [
      (#""agentEnabled":true"#, "", .flow, true, ["opened"]),
      (#""agentEnabled":true,"agentMode":"assistant","model":"appointment""#, "appointment", .flow, true, ["opened"]),
      (#""agentEnabled":true,"agentMode":"custom","model":"chat","systemPrompt":"x""#, "chat", .flow, true, ["opened"]),
      (#""agentEnabled":true,"agentMode":"conversational","model":"""#, "", .flow, true, ["opened"]),
      (#""agentEnabled":true,"agentMode":"echo","model":"chat""#, "", .echo(name: "echo"), true, ["opened"]),
      ("", "", .echo(name: "none"), true, ["opened", "is quiet"]),
      (
        #""mode":"hybrid","language":"en-US","ttsEnabled":false"#, "", .echo(name: "none"), false,
        ["opened", "is quiet"]
      ),
      (#""mode":"text","agentEnabled":true"#, "", .flow, false, ["opened", "replies"]),
      (#""sttEnabled":false,"agentEnabled":true"#, "", .flow, true, ["opened", "replies"]),
    ]

  @Test("what init asks for", arguments: configurations.indices)
  func begin(_ index: Int) throws {
    let row = Self.configurations[index]
    let bench = LegacyBench()
    try bench.begin(row.config)
    let invitation = try #require(bench.invitation)
    #expect(invitation.request.flow == row.flow && invitation.answering == row.answering)
    #expect(invitation.hearsAgent == row.isHeard && invitation.namesModel && invitation.apiKey == "key")
    #expect(invitation.request.codec == .pcm16 && invitation.request.sampleRate == 16_000)
    #expect(bench.events == row.events)
    #expect(bench.types == ["ready"])
    let ready = try bench.last("ready")
    #expect(ready.text(at: "eventId") == "i" && ready.text(at: "sessionId") == "call")
    #expect(ready["serverTimestamp"] == .integer(1_700_000_000_000))
  }

  @Test("what the agent goes on to say, as a language model does, is a reply of its own")
  func saysMore() throws {
    let bench = try LegacyBench.begun()
    bench.say(3)
    bench.report(.agentStarted(LegacyBench.agentEntry("One moment.")))
    bench.report(.agentContinued(LegacyBench.agentEntry("One moment. At what time?")))
    let replies = bench.sent.filter { $0.text(at: "type") == "agent_reply" }.compactMap { $0.text(at: "text") }
    #expect(replies == ["One moment.", "At what time?"])
  }

  @Test("a spoken turn: partial and final words, the answer, its audio and the figures, all with the id of the audio")
  func spokenTurn() throws {
    let bench = try LegacyBench.begun()
    bench.pass(1000)
    try bench.append(milliseconds: 256, id: "a7")
    bench.report(.speechStarted(at: .zero + .milliseconds(100)))
    bench.words("on", isFinal: false)
    bench.pass(500)
    bench.report(.speechStopped(at: .zero + .milliseconds(1000)))
    bench.pass(60)
    bench.words("On Wednesday.")
    bench.pass(200)
    bench.say(9, end: .utterance)
    bench.report(.agentStarted(LegacyBench.agentEntry("At what time?")))
    bench.report(
      .turnAnswered(
        TurnLatency(
          turn: TurnID(1), endpoint: .milliseconds(500), recognition: .milliseconds(60), flow: .milliseconds(3),
          synthesis: .milliseconds(190), playout: .milliseconds(7))))
    bench.pass(180)
    bench.report(.agentFinished(LegacyBench.agentEntry("At what time?", heard: 180)))
    #expect(
      bench.types == [
        "stt_partial", "stt_final", "agent_thinking", "agent_reply", "tts_chunk", "metrics", "tts_complete",
      ])
    #expect(bench.sent.allSatisfy { $0.text(at: "eventId") == "a7" })
    let partial = try bench.last("stt_partial")
    #expect(partial.text(at: "text") == "on" && partial["timestamp"] == .integer(1_700_000_001_000))
    #expect(partial["confidence"] == nil, "nobody measures it")
    let final = try bench.last("stt_final")
    #expect(final.text(at: "text") == "On Wednesday." && final.text(at: "language") == "en")
    #expect(final["confidence"] == nil && final["duration"] == .number(1.0))
    #expect(
      final["latency"] == .object(["capture": .integer(256), "processing": .integer(60), "total": .integer(560)]))
    #expect(try bench.last("agent_reply")["timestamp"] == .integer(1_700_000_001_760))
    let figures = try #require(try bench.last("metrics")["metrics"])
    #expect(
      figures
        == .object([
          "sttLatency": .integer(560), "agentLatency": .integer(3), "ttsLatency": .integer(197),
          "endToEndLatency": .integer(760), "activeConnections": .integer(3), "queueDepth": .integer(2),
        ]))
    let complete = try bench.last("tts_complete")
    #expect(complete["duration"] == .number(0.18))
    #expect(
      complete["latency"] == .object(["processing": .integer(197), "streaming": .integer(0), "total": .integer(197)]))
  }

  @Test("a typed turn has no words to recognise; without an id of the client's, answers have one of the server's")
  func typedTurn() throws {
    let bench = try LegacyBench.begun(#""mode":"text","agentEnabled":true"#)
    try bench.receive(#"{"type":"text_input","eventId":"t1","text":"hello","timestamp":1}"#)
    try bench.receive(#"{"type":"text_input","text":"again"}"#)
    #expect(bench.events == ["text hello", "text again"])
    for text in ["hello", "again"] {
      bench.words(text, source: .text)
      bench.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
      let span = CallDuration.zero
      bench.report(
        .turnAnswered(
          TurnLatency(turn: TurnID(1), endpoint: span, recognition: span, flow: span, synthesis: span, playout: span)))
      bench.report(.agentFinished(LegacyBench.agentEntry("Hello.")))
    }
    #expect(bench.types == ["agent_thinking", "agent_reply", "metrics", "agent_thinking", "agent_reply", "metrics"])
    #expect(bench.sent.prefix(3).allSatisfy { $0.text(at: "eventId") == "t1" })
    #expect(bench.sent.dropFirst(3).allSatisfy { $0.text(at: "eventId")?.hasPrefix("server-") == true })
    let figures = try #require(try bench.last("metrics")["metrics"])
    #expect(figures["sttLatency"] == nil && figures["ttsLatency"] == nil && figures["endToEndLatency"] == .integer(0))
  }

  @Test("keys that were heard in the sound are told as words, and leave what was typed its id")
  func keys() throws {
    let bench = try LegacyBench.begun()
    try bench.receive(#"{"type":"text_input","eventId":"t1","text":"a"}"#)
    bench.words("4711", source: .keys)
    let words = try bench.last("stt_final")
    #expect(words.text(at: "text") == "4711" && words["duration"] == nil && words["latency"] == nil)
    bench.words("a", source: .text)
    #expect(try bench.last("agent_thinking").text(at: "eventId") == "t1")
  }

  @Test("a text that came too early leaves its id to no other")
  func tooEarly() throws {
    let bench = try LegacyBench.begun()
    for id in ["t1", "t2"] {
      bench.isCallFull = id == "t2"
      try bench.receive(#"{"type":"text_input","eventId":"\#(id)","text":"a"}"#)
    }
    bench.words("a", source: .text)
    #expect(try bench.last("agent_thinking").text(at: "eventId") == "t1")
    bench.words("b", source: .text)
    #expect(try bench.last("agent_thinking").text(at: "eventId")?.hasPrefix("server-") == true)
  }

  @Test("a key in the sound that came too early takes the id of no text")
  func keyTooEarly() throws {
    let bench = try LegacyBench.begun()
    for id in ["t1", "t2"] { try bench.receive(#"{"type":"text_input","eventId":"\#(id)","text":"a"}"#) }
    bench.report(.trouble(code: "too-early", message: "too many"))
    for (id, words) in [("t1", "a"), ("t2", "b")] {
      bench.words(words, source: .text)
      #expect(try bench.last("agent_thinking").text(at: "eventId") == id)
    }
  }

  @Test("without an agent words are told, nobody thinks or replies, and what is typed is spoken")
  func withoutAgent() throws {
    let bench = try LegacyBench.begun("")
    bench.report(.speechStarted(at: .zero))
    bench.report(.speechStopped(at: .zero))
    bench.words("hello")
    #expect(bench.types == ["stt_final"])
    bench.clear()
    try bench.receive(#"{"type":"text_input","eventId":"t1","text":"Good day."}"#)
    #expect(bench.events == ["text Good day.", "reply"])
    bench.words("Good day.", source: .text)
    bench.say(9, end: .utterance)
    bench.report(.agentStarted(LegacyBench.agentEntry("Good day.")))
    bench.report(.agentFinished(LegacyBench.agentEntry("Good day.", heard: 180)))
    #expect(bench.types == ["tts_chunk", "tts_complete"])
    #expect(bench.sent.allSatisfy { $0.text(at: "eventId") == "t1" })
    // How long it took is not known without a turn that was measured.
    #expect(try bench.last("tts_complete")["latency"] == .object(["streaming": .integer(0)]))
  }

  @Test("in a pause nothing is heard and the agent is quiet; behind it, it answers or says again what was cut off")
  func pause() throws {
    let bench = try LegacyBench.begun()
    bench.say(9)
    bench.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
    bench.clear()
    try bench.receive(#"{"type":"pause","eventId":"p"}"#)
    try bench.receive(#"{"type":"pause","eventId":"p"}"#)
    #expect(bench.events == ["is quiet", "cancelReply"])
    bench.report(.agentInterrupted(LegacyBench.agentEntry("Hello.", heard: 100)))
    #expect(bench.types == ["tts_complete"])
    try bench.append(milliseconds: 256)
    bench.pass(1000)
    #expect(bench.packets.isEmpty)
    // A tool answered meanwhile, and the agent would speak.
    #expect(!bench.say(1, utterance: 2))
    bench.pass(20)
    #expect(bench.events.suffix(1) == ["cancelReply"])
    bench.clear()
    try bench.receive(#"{"type":"resume","eventId":"r"}"#)
    try bench.receive(#"{"type":"resume","eventId":"r"}"#)
    #expect(bench.events == ["replies", "reply"])
    try bench.append(milliseconds: 256)
    bench.pass(20)
    #expect(bench.packets.count == 12)
  }

  @Test("what is typed in a pause is used behind it, up to a limit")
  func typedInPause() throws {
    let bench = try LegacyBench.begun()
    try bench.receive(#"{"type":"pause"}"#)
    for number in 0..<33 { try bench.receive(#"{"type":"text_input","text":"\#(number)"}"#) }
    #expect(bench.types == ["error"] && bench.events == ["is quiet", "cancelReply"])
    bench.clear()
    try bench.receive(#"{"type":"resume"}"#)
    #expect(bench.events == ["replies"] + (0..<32).map { "text \($0)" })
  }

  @Test("what was said just before a pause is answered behind it; a silent pause changes nothing")
  func saidBeforePause() throws {
    let bench = try LegacyBench.begun()
    bench.report(.agentStarted(LegacyBench.agentEntry("Hello.")))
    bench.report(.agentFinished(LegacyBench.agentEntry("Hello.")))
    try bench.receive(#"{"type":"pause"}"#)
    try bench.receive(#"{"type":"resume"}"#)
    #expect(bench.events == ["is quiet", "cancelReply", "replies"])
    try bench.receive(#"{"type":"pause"}"#)
    bench.words("On Wednesday.")
    #expect(bench.types.suffix(1) == ["stt_final"])
    bench.clear()
    try bench.receive(#"{"type":"resume"}"#)
    #expect(bench.events == ["replies", "reply"])
  }

  @Test("feedback, with what is kept of a long comment")
  func feedback() throws {
    let bench = try LegacyBench.begun()
    try bench.receive(#"{"type":"quality_feedback","category":"stt_accuracy","score":4}"#)
    try bench.receive(#"{"type":"quality_feedback","category":"overall","score":1.0,"comment":"no"}"#)
    let long = String(repeating: "a", count: 1000)
    try bench.receive(#"{"type":"quality_feedback","category":"latency","score":5,"comment":"\#(long)"}"#)
    #expect(
      bench.events == [
        "quality.stt_accuracy 4", "quality.overall 1: no",
        "quality.latency 5: \(String(repeating: "a", count: 200))",
      ])
    #expect(bench.sent.isEmpty)
  }

  /// Why a call ends, and the word for it.
  static let endings: [(reason: CloseReason, word: String)] = [
    (.callerHungUp, "client_requested"), (.completed, "completed"), (.timeLimit, "time_limit"),
    (.serverShutdown, "server_shutdown"),
  ]

  @Test("the end has what was counted and measured", arguments: endings.indices)
  func end(_ index: Int) throws {
    let bench = try LegacyBench.begun()
    try bench.append(milliseconds: 256)
    try bench.receive("no JSON")
    bench.clear()
    try bench.receive(#"{"type":"end","eventId":"e"}"#)
    #expect(bench.events == ["hung up"] && bench.sent.isEmpty)
    var record = CallRecord(flow: "appointment", voice: "heart")
    record.duration = .milliseconds(2500)
    let span = CallDuration.milliseconds(100)
    record.turnLatencies = [2, 4].map {
      TurnLatency(
        turn: TurnID(1), endpoint: span * $0, recognition: span, flow: .zero, synthesis: .zero, playout: .zero)
    }
    bench.send(.ended(Self.endings[index].reason, CallDocument(record, recordingBytes: nil)))
    let ended = try bench.last("ended")
    #expect(ended.text(at: "reason") == Self.endings[index].word && ended.text(at: "eventId") == "e")
    #expect(
      ended["stats"]
        == .object([
          "duration": .number(2.5), "messagesProcessed": .integer(3), "avgLatency": .integer(400),
          "errorCount": .integer(1),
        ]))
  }

  @Test("an engine that fails is told as an error that the session survives")
  func trouble() throws {
    let bench = try LegacyBench.begun()
    bench.report(.trouble(code: "recognition-failed", message: "no answer within 5 s"))
    let error = try bench.last("error")
    #expect(error.text(at: "code") == "HANDLER_ERROR" && error["recoverable"] == .bool(true))
    #expect(error.text(at: "message") == "no answer within 5 s")
  }
}
