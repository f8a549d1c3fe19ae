import CallCore
import JSON
import Testing
import Wires

@Suite("Bad input of a client of the JSON wire gets an error that says what is wrong, and the session goes on")
struct LegacyFaultTests {
  /// What is sent in a session, and code and a word of the message of the error.
  static let table: [(message: String, code: String, word: String)] = [
    ("no JSON", "MESSAGE_PARSE_ERROR", "message"),
    ("[1,2]", "MESSAGE_PARSE_ERROR", "a list"),
    (String(repeating: "[", count: 100), "MESSAGE_PARSE_ERROR", "message"),
    ("{}", "MESSAGE_PARSE_ERROR", "type"),
    (#"{"type":5}"#, "MESSAGE_PARSE_ERROR", "the number 5"),
    (#"{"type":"song"}"#, "MESSAGE_PARSE_ERROR", "init, audio_chunk, text_input"),
    (#"{"type":"text_input"}"#, "MESSAGE_PARSE_ERROR", "text_input.text"),
    (#"{"type":"text_input","text":7}"#, "MESSAGE_PARSE_ERROR", "the number 7"),
    (#"{"type":"text_input","text":""}"#, "MESSAGE_PARSE_ERROR", "not empty"),
    (#"{"type":"text_input","text":" \n"}"#, "MESSAGE_PARSE_ERROR", "blanks"),
    (#"{"type":"text_input","text":"a\u0000b"}"#, "MESSAGE_PARSE_ERROR", "NUL"),
    (#"{"type":"text_input","text":"\#(String(repeating: "a", count: 1001))"}"#, "MESSAGE_PARSE_ERROR", "1000"),
    (#"{"type":"text_input","eventId":5,"text":"a"}"#, "MESSAGE_PARSE_ERROR", "eventId"),
    (
      #"{"type":"text_input","eventId":"\#(String(repeating: "a", count: 129))","text":"a"}"#, "MESSAGE_PARSE_ERROR",
      "128"
    ),
    (#"{"type":"audio_chunk"}"#, "MESSAGE_PARSE_ERROR", "audio_chunk.chunk"),
    (#"{"type":"audio_chunk","chunk":7}"#, "MESSAGE_PARSE_ERROR", "the number 7"),
    (#"{"type":"audio_chunk","chunk":"a?bcAA=="}"#, "MESSAGE_PARSE_ERROR", "Base64"),
    (#"{"type":"audio_chunk","chunk":"abc"}"#, "MESSAGE_PARSE_ERROR", "Base64"),
    (#"{"type":"audio_chunk","chunk":"AAAA"}"#, "MESSAGE_PARSE_ERROR", "samples"),
    (
      #"{"type":"audio_chunk","eventId":"\#(String(repeating: "a", count: 129))","chunk":"AAAA"}"#,
      "MESSAGE_PARSE_ERROR", "128"
    ),
    (#"{"type":"init","config":{}}"#, "HANDLER_ERROR", "begun already"),
    (#"{"type":"quality_feedback"}"#, "MESSAGE_PARSE_ERROR", "category"),
    (#"{"type":"quality_feedback","category":"taste","score":3}"#, "MESSAGE_PARSE_ERROR", "stt_accuracy"),
    (#"{"type":"quality_feedback","category":"latency"}"#, "MESSAGE_PARSE_ERROR", "score"),
    (#"{"type":"quality_feedback","category":"latency","score":6}"#, "MESSAGE_PARSE_ERROR", "1 to 5"),
    (#"{"type":"quality_feedback","category":"latency","score":"3"}"#, "MESSAGE_PARSE_ERROR", "1 to 5"),
    (#"{"type":"quality_feedback","category":"latency","score":3,"comment":[]}"#, "MESSAGE_PARSE_ERROR", "a list"),
  ]

  @Test("each row", arguments: table.indices)
  func row(_ index: Int) throws {
    let row = Self.table[index]
    let bench = try LegacyBench.begun()
    let hasRoom = row.message.hasPrefix(#"{"type":"#) && !row.message.contains("eventId")
    try bench.receive(hasRoom ? #"{"eventId":"mine","# + row.message.dropFirst() : row.message)
    #expect(bench.types == ["error"], "\(row.message)")
    let error = try bench.last("error")
    #expect(error.text(at: "code") == row.code, "\(error)")
    #expect(error.text(at: "message")?.contains(row.word) == true, "\(error)")
    #expect(error["recoverable"] == .bool(true))
    let id = try #require(error.text(at: "eventId"))
    // An id that is none is not given back.
    if hasRoom { #expect(id == "mine" || row.message.contains(#"{"type":5}"#)) } else { #expect(!id.isEmpty) }
    #expect(bench.events.isEmpty)
    try bench.receive(#"{"type":"text_input","text":"hello"}"#)
    #expect(bench.events == ["text hello"])
  }

  /// What `config` is, and a word of the error; the client may send another `init`.
  static let configurations: [(config: String, code: String, word: String)] = [
    ("7", "MESSAGE_PARSE_ERROR", "init.config"),
    (#"{"mode":"song"}"#, "MESSAGE_PARSE_ERROR", "hybrid"),
    (#"{"mode":7}"#, "MESSAGE_PARSE_ERROR", "the number 7"),
    (#"{"sttEnabled":"yes"}"#, "MESSAGE_PARSE_ERROR", "true or false"),
    (#"{"agentEnabled":true,"agentMode":"parrot"}"#, "MESSAGE_PARSE_ERROR", "conversational"),
    (#"{"model":[]}"#, "MESSAGE_PARSE_ERROR", "config.model"),
    (#"{"voice":"\#(String(repeating: "a", count: 129))"}"#, "MESSAGE_PARSE_ERROR", "128"),
    (#"{"language":"de"}"#, "MESSAGE_PARSE_ERROR", "only English"),
    (
      #"{"agentEnabled":true,"agentMode":"custom","systemPrompt":"Be kind."}"#, "MODEL_NOT_FOUND", "no language model"
    ),
  ]

  @Test("an init that makes no sense", arguments: configurations.indices)
  func configuration(_ index: Int) throws {
    let row = Self.configurations[index]
    let bench = LegacyBench()
    try bench.receive(#"{"type":"init","eventId":"i","config":\#(row.config)}"#)
    let error = try bench.last("error")
    #expect(error.text(at: "code") == row.code && error.text(at: "eventId") == "i", "\(error)")
    #expect(error.text(at: "message")?.contains(row.word) == true, "\(error)")
    try bench.begin(LegacyBench.agent)
    #expect(bench.events == ["opened"])
  }

  @Test(
    "before init there is no session",
    arguments: [
      #"{"type":"audio_chunk","eventId":"e","chunk":"AAAAAAAA"}"#, #"{"type":"text_input","eventId":"e","text":"a"}"#,
      #"{"type":"pause","eventId":"e"}"#, #"{"type":"resume","eventId":"e"}"#, #"{"type":"end","eventId":"e"}"#,
      #"{"type":"quality_feedback","eventId":"e","category":"latency","score":3}"#,
    ])
  func noSession(_ message: String) throws {
    let bench = LegacyBench()
    try bench.receive(message)
    #expect(bench.events.isEmpty && bench.types == ["error"])
    #expect(try bench.last("error").text(at: "code") == "NO_SESSION")
    #expect(try bench.last("error").text(at: "eventId") == "e")
  }

  @Test("binary, skipped and too long messages")
  func others() throws {
    let bench = try LegacyBench.begun()
    try bench.receive("audio", isText: false)
    try bench.receive(#"{"type":"text_input","text":"\#(String(repeating: "a", count: 140_000))"}"#)
    var skipped = ""
    bench.side.skippedMessage { skipped += $0 }
    #expect(bench.types == ["error", "error"])
    #expect(skipped.contains("MESSAGE_PARSE_ERROR") && skipped.contains("2097152"))
  }

  @Test("a session that hears nothing says so once")
  func deaf() throws {
    for config in [#""mode":"text""#, #""sttEnabled":false"#] {
      let bench = try LegacyBench.begun(config)
      for _ in 0..<3 { try bench.append(milliseconds: 256) }
      bench.pass(1000)
      #expect(bench.packets.isEmpty && bench.types == ["error"])
      #expect(try bench.last("error").text(at: "message")?.contains("hears nothing") == true)
      #expect(try bench.last("error").text(at: "eventId") == "a")
    }
  }

  @Test("more audio than a minute waits is refused")
  func full() throws {
    let bench = try LegacyBench.begun()
    for _ in 0..<2 { try bench.append(milliseconds: 30_000) }
    try bench.append(milliseconds: 20)
    #expect(bench.types == ["error"])
    #expect(try bench.last("error").text(at: "message")?.contains("60 s") == true)
  }

  /// What the server finds wrong with a call that is to begin, and how the client hears of it.
  static let refusals: [(fault: WireFault, code: String, close: Int?)] = [
    (WireFault(.wrongKey, "no such key"), "INVALID_API_KEY", 4001),
    (WireFault(.inactiveKey, "revoked"), "INACTIVE_API_KEY", 4002),
    (WireFault(.busy, "later"), "SERVER_BUSY", 1013),
    (WireFault(.unknownModel, "no flow"), "MODEL_NOT_FOUND", nil),
    (WireFault(.refused, "loading"), "HANDLER_ERROR", nil),
    (WireFault(.outOfPlace, "no start came"), "NO_SESSION", nil),
  ]

  @Test("a call that cannot begin", arguments: refusals.indices)
  func refusal(_ index: Int) throws {
    let row = Self.refusals[index]
    let bench = LegacyBench()
    try bench.receive(#"{"type":"init","eventId":"i","apiKey":"secret","config":{}}"#)
    bench.clear()
    bench.send(.fault(row.fault, isFatal: true))
    bench.send(.ended(.refused, nil))
    #expect(bench.types == ["error"])
    let error = try bench.last("error")
    #expect(error.text(at: "code") == row.code && error["recoverable"] == .bool(false))
    #expect(error.text(at: "eventId") == "i")
    #expect(bench.side.closeCode == row.close)
  }
}
