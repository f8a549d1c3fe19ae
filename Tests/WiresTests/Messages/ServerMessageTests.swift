import CallCore
import JSON
import Wires
import Testing
import TestSupport

@Suite("Server messages")
struct ServerMessageTests {
  static let messages: [ServerMessage] = [
    .ready(ReadyNotice(callID: "c-17", codec: .mulaw, sampleRate: 8000, flow: "clinic", voice: "heart")),
    .speech(started: true, at: Timestamp(microseconds: 1_234_000)),
    .speech(started: false, at: .zero),
    .transcript(TranscriptNotice(SampleRecord.caller, isFinal: false)),
    .transcript(TranscriptNotice(SampleRecord.agent, isFinal: true)),
    .state(name: "b", from: "", because: "start"),
    .agent(AgentNotice(.started, SampleRecord.agent)),
    .agent(AgentNotice(.finished, SampleRecord.agent)),
    .agent(AgentNotice(.interrupted, SampleRecord.agent)),
    .clear(UtteranceID(3)),
    .tool(SampleRecord.toolCall),
    .turn(SampleRecord.latency),
    .turn(SampleRecord.modelLatency),
    .error(code: "engine-failed", message: "no \"voice\"\n", fatal: false),
    .error(code: "frame-too-large", message: "", fatal: true),
    .ended(.completed, CallDocument(SampleRecord.call, recordingBytes: 9_200)),
    .ended(.callerVanished, CallDocument(SampleRecord.call, recordingBytes: nil)),
    .ended(.refused, nil),
  ]

  @Test("what the server encodes a client decodes", arguments: messages)
  func roundTrip(message: ServerMessage) throws {
    #expect(try ServerMessage(decoding: message.json) == message)
  }

  @Test(
    "the texts are those of Wire.md, in its order",
    arguments: zip(
      messages.prefix(15),
      [
        #"{"type":"ready","callId":"c-17","codec":"mulaw","sampleRate":8000,"flow":"clinic","voice":"heart"}"#,
        #"{"type":"speech","state":"started","at":1234}"#,
        #"{"type":"speech","state":"stopped","at":0}"#,
        #"{"type":"transcript","turn":1,"role":"caller","text":"A table for \"two\"","final":false,"at":2310,"source":"speech"}"#,
        #"{"type":"transcript","turn":1,"role":"agent","text":"For two. At what time?","final":true,"at":4020,"source":"speech"}"#,
        #"{"type":"state","name":"b","from":"","because":"start"}"#,
        #"{"type":"agent","utterance":2,"turn":1,"text":"For two. At what time?","spoken":"For two. At what time o'clock?","state":"started","heardMs":760,"heardText":"For two."}"#,
        #"{"type":"agent","utterance":2,"turn":1,"text":"For two. At what time?","spoken":"For two. At what time o'clock?","state":"finished","heardMs":760,"heardText":"For two."}"#,
        #"{"type":"agent","utterance":2,"turn":1,"text":"For two. At what time?","spoken":"For two. At what time o'clock?","state":"interrupted","heardMs":760,"heardText":"For two."}"#,
        #"{"type":"clear","utterance":3}"#,
        #"{"type":"tool","call":1,"turn":2,"at":6040,"name":"find-table","arguments":{"pin":"…","size":"2"},"state":"done","durationMs":420,"detail":"status 200"}"#,
        #"{"type":"turn","turn":1,"latencyMs":690,"stages":{"endpointMs":500,"recognitionMs":60,"flowMs":1,"synthesisMs":120,"playoutMs":9}}"#,
        #"{"type":"turn","turn":2,"latencyMs":1589,"stages":{"endpointMs":500,"recognitionMs":60,"flowMs":900,"synthesisMs":120,"playoutMs":9},"endedBy":"meaning","model":{"firstTokenMs":310,"firstSentenceMs":140,"toolsMs":420}}"#,
        #"{"type":"error","code":"engine-failed","message":"no \"voice\"\n","fatal":false}"#,
        #"{"type":"error","code":"frame-too-large","message":"","fatal":true}"#,
      ]))
  func texts(message: ServerMessage, text: String) {
    #expect(message.jsonText == text)
  }

  @Test(
    "every report of a call has its message",
    arguments: [
      (
        CallReport.speechStarted(at: Timestamp(microseconds: 5999)),
        ServerMessage.speech(started: true, at: Timestamp(microseconds: 5999))
      ),
      (.speechStopped(at: .zero), .speech(started: false, at: .zero)),
      (
        .transcript(SampleRecord.caller, final: true), .transcript(TranscriptNotice(SampleRecord.caller, isFinal: true))
      ),
      (.stateEntered(name: "a", from: "b", because: "c"), .state(name: "a", from: "b", because: "c")),
      (.agentStarted(SampleRecord.agent), .agent(AgentNotice(.started, SampleRecord.agent))),
      (.agentFinished(SampleRecord.agent), .agent(AgentNotice(.finished, SampleRecord.agent))),
      (.agentInterrupted(SampleRecord.agent), .agent(AgentNotice(.interrupted, SampleRecord.agent))),
      (.agentPaused(SampleRecord.agent), .agent(AgentNotice(.paused, SampleRecord.agent))),
      (.agentResumed(SampleRecord.agent), .agent(AgentNotice(.resumed, SampleRecord.agent))),
      (.clear(UtteranceID(1)), .clear(UtteranceID(1))),
      (.toolUsed(SampleRecord.toolCall), .tool(SampleRecord.toolCall)),
      (.turnAnswered(SampleRecord.modelLatency), .turn(SampleRecord.modelLatency)),
      (.turnAnswered(SampleRecord.latency), .turn(SampleRecord.latency)),
      (.trouble(code: "a", message: "b"), .error(code: "a", message: "b", fatal: false)),
    ])
  func reports(report: CallReport, message: ServerMessage) {
    #expect(ServerMessage(report) == message)
  }

  @Test("what only clients of other wires ask for is not told")
  func untold() {
    #expect(ServerMessage(.nobodySpoke(since: .zero)) == nil)
    #expect(ServerMessage(.toolsWanted([])) == nil)
  }

  @Test("instants are rounded down to milliseconds, so nothing is reported before it happened")
  func rounding() {
    #expect(ServerMessage.speech(started: true, at: Timestamp(microseconds: 5999)).jsonText.hasSuffix(#""at":5}"#))
  }

  @Test("a fault is told as an error with its code", arguments: WireFault.Code.allCases)
  func faults(code: WireFault.Code) {
    let message = ServerMessage(WireFault(code, "why"))
    #expect(message == .error(code: code.rawValue, message: "why", fatal: [.frameTooLarge, .tooMany].contains(code)))
  }

  @Test("an unknown type is kept by its name, for a newer server is no fault")
  func unknown() throws {
    #expect(try ServerMessage(decoding: Array(#"{"type":"weather","sky":1}"#.utf8)) == .unknown(type: "weather"))
  }

  @Test(
    "a known message that is wrong is a fault with its field",
    arguments: [
      (#"{"type":"speech","state":"sung","at":1}"#, WireFault.Code.outOfRange, "speech.state"),
      (#"{"type":"speech","state":"started"}"#, .missingField, "speech.at"),
      (
        #"{"type":"transcript","turn":1,"role":"dog","text":"","final":true,"at":0,"source":"speech"}"#, .outOfRange,
        "transcript.role"
      ),
      (
        #"{"type":"transcript","turn":1,"role":"agent","text":"","final":1,"at":0,"source":"speech"}"#, .wrongType,
        "transcript.final"
      ),
      (
        #"{"type":"turn","turn":1,"latencyMs":9,"stages":{"endpointMs":1,"recognitionMs":1,"flowMs":1,"synthesisMs":1,"playoutMs":1}}"#,
        .outOfRange, "turn.latencyMs"
      ),
      (#"{"type":"turn","turn":1,"latencyMs":9}"#, .missingField, "turn.stages"),
      (
        #"{"type":"turn","turn":1,"latencyMs":5,"stages":{"endpointMs":1,"recognitionMs":1,"flowMs":1,"synthesisMs":1,"playoutMs":1},"#
          + #""model":{"firstTokenMs":1,"firstSentenceMs":1,"toolsMs":0}}"#, .outOfRange, "turn.model"
      ),
      (
        #"{"type":"turn","turn":1,"latencyMs":5,"stages":{"endpointMs":1,"recognitionMs":1,"flowMs":1,"synthesisMs":1,"playoutMs":1},"#
          + #""model":{"firstTokenMs":1}}"#, .missingField, "turn.model.firstSentenceMs"
      ),
      (
        #"{"type":"tool","call":1,"turn":1,"at":1,"name":"a","arguments":{"b":1},"state":"done","durationMs":0,"detail":""}"#,
        .wrongType, "tool.arguments"
      ),
      (
        #"{"type":"tool","call":1,"turn":1,"at":1,"name":"a","arguments":{},"state":"tried","durationMs":0,"detail":""}"#,
        .outOfRange, "tool.state"
      ),
      (#"{"type":"ended","reason":"bored"}"#, .outOfRange, "ended.reason"),
      (#"{"type":"ended","reason":"completed","record":{"flow":1}}"#, .wrongType, "ended.record.flow"),
      (#"{"type":"ready"}"#, .missingField, "ready.callId"),
      (#"{"type":"clear","utterance":{}}"#, .wrongType, "clear.utterance"),
    ])
  func wrong(text: String, code: WireFault.Code, field: String) {
    do {
      let message = try ServerMessage(decoding: Array(text.utf8))
      Issue.record("\(text) gave \(message)")
    } catch {
      #expect(error.code == code, "\(error)")
      #expect(error.message.hasPrefix(field), "\(error)")
    }
  }

  @Test("a fault inside a record says where", arguments: ["transcript", "timeline", "toolCalls", "turnLatencies"])
  func wrongRecord(list: String) throws {
    let whole = ServerMessage.ended(.completed, CallDocument(SampleRecord.call, recordingBytes: nil)).jsonText
    let damaged = whole.replacing("\"\(list)\":[{", with: "\"\(list)\":[7,{")
    do {
      _ = try ServerMessage(decoding: Array(damaged.utf8))
      Issue.record("the damage went through")
    } catch {
      #expect(error.message == "ended.record.\(list)[0]: expected an object, got the number 7")
    }
  }

  @Test("the stages add up to the latency however they are rounded", arguments: [31, 32])
  func stagesAddUp(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      var stage: CallDuration { .microseconds(Int64.random(in: 0...900_000, using: &generator)) }
      let latency = TurnLatency(
        turn: TurnID(1), endpoint: stage, recognition: stage, flow: stage, synthesis: stage, playout: stage)
      let decoded = try ServerMessage(decoding: ServerMessage.turn(latency).json)
      guard case .turn(let received) = decoded else {
        Issue.record("a turn came back as \(decoded)")
        continue
      }
      #expect(received.total.milliseconds == latency.total.milliseconds, "seed \(seed)")
      #expect(abs((received.flow - latency.flow).microseconds) <= 1000, "seed \(seed)")
    }
  }

  @Test("a model's stages are never more than the flow's however they are rounded", arguments: [33, 34])
  func modelStages(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      var stage: CallDuration { .microseconds(Int64.random(in: 0...9000, using: &generator)) }
      let model = ModelLatency(firstToken: stage, firstSentence: stage, tools: stage)
      let own = CallDuration.microseconds(Int64.random(in: 0...700, using: &generator))
      let latency = TurnLatency(
        turn: TurnID(1), endpoint: stage, recognition: stage, flow: model.total + own, synthesis: stage,
        playout: stage, model: model)
      let decoded = try ServerMessage(decoding: ServerMessage.turn(latency).json)
      guard case .turn(let received) = decoded, let told = received.model else {
        Issue.record("seed \(seed): a turn came back as \(decoded)")
        continue
      }
      #expect(told.total <= received.flow, "seed \(seed)")
      #expect(abs((told.firstToken - model.firstToken).microseconds) <= 1000, "seed \(seed)")
    }
  }

  @Test("a tool that is called has no duration yet")
  func calledTool() throws {
    let entry = ToolCallEntry(
      number: 3, turn: TurnID(1), at: Timestamp(microseconds: 5000), name: "book", arguments: ["name": "Ada"])
    let text = ServerMessage.tool(entry).jsonText
    #expect(
      text
        == #"{"type":"tool","call":3,"turn":1,"at":5,"name":"book","arguments":{"name":"Ada"},"state":"called","durationMs":null,"detail":""}"#
    )
    #expect(try ServerMessage(decoding: Array(text.utf8)) == .tool(entry))
  }

  @Test("a record from a server that knew neither tools nor a model's stages is read")
  func olderRecord() throws {
    var record = SampleRecord.call
    record.toolCalls = []
    record.turnLatencies = [SampleRecord.latency]
    let document = CallDocument(record, recordingBytes: nil)
    let text = ServerMessage.ended(.completed, document).jsonText
    let older = text.replacing(#""toolCalls":[],"#, with: "")
    #expect(older != text && !text.contains(#""model""#))
    #expect(try ServerMessage(decoding: Array(older.utf8)) == .ended(.completed, document))
  }
}
