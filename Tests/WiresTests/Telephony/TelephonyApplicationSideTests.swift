import CallCore
import FoundationEssentials
import JSON
import TestSupport
import Testing
import Wires

@Suite("The bot's side of telephone media streams")
struct TelephonyApplicationSideTests {
  /// Starts of all providers, as their documentation has them.
  static let starts: [(wire: CallWire, start: String, codec: AudioCodec, rate: Int, notes: [String: String])] = [
    (.twilio, SideBench.twilioStart, .mulaw, 8000, ["customer": "4711", "callId": "CA1", "streamId": "MZ1"]),
    (
      .telnyx,
      #"{"event":"start","sequence_number":"1","stream_id":"S1","start":{"call_control_id":"C1","from":"+1555","to":"+1556","#
        + #""media_format":{"encoding":"PCMU","sample_rate":8000,"channels":1}}}"#, .mulaw, 8000,
      ["callId": "C1", "streamId": "S1", "from": "+1555", "to": "+1556"]
    ),
    (
      .plivo,
      #"{"sequenceNumber":0,"event":"start","start":{"callId":"C1","streamId":"S1","accountId":"A1","tracks":["inbound"],"#
        + #""mediaFormat":{"encoding":"audio/x-l16","sampleRate":16000}}}"#, .pcm16, 16_000,
      ["callId": "C1", "streamId": "S1"]
    ),
    (
      .exotel,
      #"{"event":"start","sequence_number":"1","stream_sid":"S1","start":{"stream_sid":"S1","call_sid":"C1","from":"1","#
        + #""to":"2","custom_parameters":{"a":"b"},"media_format":{"encoding":"base64","sample_rate":"8000"}}}"#,
      .pcm16,
      8000, ["callId": "C1", "streamId": "S1", "from": "1", "to": "2", "a": "b"]
    ),
    (
      .vonage, #"{"event":"websocket:connected","content-type":"audio/l16;rate=16000","customer":"4711"}"#, .pcm16,
      16_000, ["customer": "4711"]
    ),
    (
      .telnyx,
      #"{"event":"start","sequence_number":"1","stream_id":"S1","start":{"call_control_id":"C1","#
        + #""media_format":{"encoding":"PCMA","sample_rate":8000,"channels":1}}}"#, .alaw, 8000,
      ["callId": "C1", "streamId": "S1"]
    ),
  ]

  @Test("what each provider begins with is understood", arguments: starts.indices)
  func start(_ index: Int) throws {
    let row = Self.starts[index]
    let bench = SideBench(row.wire)
    try bench.receive(row.start)
    #expect(bench.events == ["opened"])
    #expect(bench.invitation?.codec == row.codec)
    #expect(bench.invitation?.sampleRate == row.rate)
    #expect(bench.invitation?.metadata == row.notes)
  }

  @Test("flow, voice and day are taken from the parameters")
  func parameters() throws {
    let bench = SideBench(.twilio)
    try bench.receive(SideBench.twilioStart.replacing(#""customer":"4711""#, with: #""today":"2026-03-02""#))
    #expect(bench.invitation?.flow == "appointment")
    #expect(bench.invitation?.voice == "heart")
    #expect(bench.invitation?.today == "2026-03-02")
  }

  @Test("audio of any length and phase comes out in packets of 20 ms, byte for byte", arguments: [1, 7, 64])
  func pieces(seed: UInt64) throws {
    var luck = SeededGenerator(seed: seed)
    let bench = try SideBench.twilio()
    var audio: [UInt8] = []
    for chunk in 1...60 {
      let piece = (0..<Int.random(in: 0...700, using: &luck)).map { _ in UInt8.random(in: 0...255, using: &luck) }
      audio += piece
      // What only the parser can read must give the same.
      let more = Bool.random(using: &luck) ? #","list":[1,{"a":"\u00e4"}]"# : ""
      try bench.receive(SideBench.media(Data(piece).base64EncodedString(), chunk: chunk, more: more))
    }
    #expect(bench.packets.allSatisfy { $0.count == 160 })
    #expect(bench.packets.flatMap { $0 } == Array(audio.prefix(audio.count / 160 * 160)))
    #expect(bench.sequences == Array(0..<UInt32(bench.packets.count)))
  }

  @Test("a missing message is a gap, a repeated and a late one are left out, and one far away begins anew")
  func chunks() throws {
    let bench = try SideBench.twilio()
    let packet = Data(repeating: 7, count: 160).base64EncodedString()
    for chunk in [1, 2, 5, 5, 4, 6, 90_000, 90_001, 3] { try bench.receive(SideBench.media(packet, chunk: chunk)) }
    #expect(bench.sequences == [0, 1, 4, 5, 6])
  }

  @Test(
    "a wild number costs one message, and so does a provider that counts anew", arguments: [2500, 90_000, Int.max / 10])
  func wildChunk(_ wild: Int) throws {
    let bench = try SideBench.twilio()
    let packet = Data(repeating: 7, count: 160).base64EncodedString()
    for chunk in [500, 501, wild, 502, 503, 504, 1, 2, 3] { try bench.receive(SideBench.media(packet, chunk: chunk)) }
    #expect(bench.packets.count >= 6)
  }

  @Test("numbers of both sides' audio together show no gap")
  func bothTracks() throws {
    let bench = try SideBench.twilio()
    let packet = Data(repeating: 7, count: 160).base64EncodedString()
    for chunk in 1...10 {
      let message = SideBench.media(packet, chunk: chunk)
      try bench.receive(chunk % 2 == 1 ? message.replacing("inbound", with: "outbound") : message)
    }
    #expect(bench.sequences == [0, 1, 2, 3, 4])
  }

  @Test(
    "the name of a mark may be any number",
    arguments: ["0", "-1", "\(Int.min)", "\(Int.max)", "99999999999999999999", "x"])
  func wildMark(_ name: String) throws {
    let bench = try SideBench.twilio()
    bench.send([UInt8](repeating: 0xFF, count: 160), end: .sentence)
    try bench.receive(#"{"event":"mark","streamSid":"MZ1","mark":{"name":"\#(name)"}}"#)
    #expect(bench.events.isEmpty && bench.side.awaitsMarks)
  }

  @Test("audio is told from messages, which are fewer and shorter")
  func kinds() throws {
    let bench = try SideBench.twilio()
    #expect(try bench.receive(SideBench.media("AAAA")) == .audio)
    #expect(try bench.receive(SideBench.media(#"\/\/\/\/"#)) == .audio)
    #expect(try bench.receive(#"{"event":"connected"}"#) == .message)
    let long = String(repeating: "x", count: 20_000)
    #expect(throws: WireFault.self) { try bench.receive(#"{"event":"connected","x":"\#(long)"}"#) }
  }

  @Test("the provider's clock is that of the packets")
  func stamps() throws {
    let bench = try SideBench.twilio()
    let two = Data(repeating: 7, count: 320).base64EncodedString()
    try bench.receive(SideBench.media(two, chunk: 1, timestamp: 1500))
    #expect(bench.stamps == [1_500_000, 1_520_000])
  }

  @Test("what the caller hears is not what he says")
  func outbound() throws {
    let bench = try SideBench.twilio()
    let packet = Data(repeating: 7, count: 160).base64EncodedString()
    try bench.receive(SideBench.media(packet).replacing("inbound", with: "outbound"))
    #expect(bench.packets.isEmpty)
  }

  @Test("keys, marks and the end")
  func others() throws {
    let bench = try SideBench.twilio()
    try bench.receive(##"{"event":"dtmf","streamSid":"MZ1","dtmf":{"track":"inbound_track","digit":"#"}}"##)
    try bench.receive(#"{"event":"mark","streamSid":"MZ1","mark":{"name":"nobody's"}}"#)
    try bench.receive(#"{"event":"stop","streamSid":"MZ1","stop":{"accountSid":"AC1","callSid":"CA1"}}"#)
    #expect(bench.events == ["key #", "hung up"])
  }

  static let wrong: [(message: String, code: WireFault.Code)] = [
    ("{", .malformedJSON), ("[]", .wrongType), ("5", .wrongType), (#"{"a":1}"#, .missingField),
    (#"{"event":5}"#, .wrongType), (#"{"event":""}"#, .outOfRange), (#"{"event":"dance"}"#, .unknownType),
    (#"{"event":"media"}"#, .missingField), (#"{"event":"media","media":5}"#, .wrongType),
    (#"{"event":"media","media":{}}"#, .missingField), (#"{"event":"media","media":{"payload":5}}"#, .wrongType),
    (SideBench.media("%%%%"), .badFrame), (SideBench.media("AAA"), .badFrame), (SideBench.media("A=AA"), .badFrame),
    (SideBench.media("===="), .badFrame), (SideBench.media("AAAA", stream: "MZ2"), .outOfRange),
    (#"{"event":"media","streamSid":"MZ2","media":{"payload":"AAAA","x":["\n"]}}"#, .outOfRange),
    (#"{"event":"dtmf","streamSid":"MZ2","dtmf":{"digit":"1"}}"#, .outOfRange),
    (#"{"event":"stop","streamSid":"MZ2"}"#, .outOfRange),
    (#"{"event":"dtmf","dtmf":{"digit":"12"}}"#, .outOfRange), (#"{"event":"dtmf","dtmf":{}}"#, .missingField),
    (SideBench.twilioStart, .outOfPlace), (String(repeating: "[", count: 100), .tooDeep),
    (String(repeating: "x", count: 65_537), .messageTooLarge),
  ]

  @Test("what is wrong is told, and the stream goes on", arguments: wrong.indices)
  func faults(_ index: Int) throws {
    let bench = try SideBench.twilio()
    let fault = #expect(throws: WireFault.self) { try bench.receive(Self.wrong[index].message) }
    #expect(fault?.code == Self.wrong[index].code)
    #expect(bench.events.isEmpty && bench.packets.isEmpty)
    try bench.receive(SideBench.media(Data(repeating: 7, count: 160).base64EncodedString()))
    #expect(bench.packets.count == 1)
  }

  static let wrongStarts = [
    SideBench.twilioStart.replacing("audio/x-mulaw", with: "audio/x-gsm"),
    SideBench.twilioStart.replacing("8000", with: "44100"),
    SideBench.twilioStart.replacing(#""streamSid":"MZ1","#, with: ""),
    SideBench.twilioStart.replacing(#""customer":"4711""#, with: #""customer":4711"#),
    SideBench.twilioStart.replacing(#""customer":"4711""#, with: #""today":"soon""#),
    SideBench.twilioStart.replacing("4711", with: String(repeating: "x", count: 5000)),
    SideBench.twilioStart.replacing(#""flow":"appointment""#, with: #""flow":"""#),
    SideBench.twilioStart.replacing(#""voice":"heart""#, with: #""voice":"\#(String(repeating: "x", count: 129))""#),
    #"{"event":"start"}"#,
    SideBench.media("AAAA"),
    #"{"event":"dtmf","dtmf":{"digit":"1"}}"#,
  ]

  @Test("a stream that begins wrong does not begin", arguments: wrongStarts)
  func badStart(message: String) throws {
    let bench = SideBench(.twilio)
    #expect(throws: WireFault.self) { try bench.receive(message) }
    #expect(bench.events.isEmpty)
    #expect(!bench.send([UInt8](repeating: 0xFF, count: 160)))
  }

  @Test("binary messages are audio at Vonage and a fault elsewhere")
  func binary() throws {
    let vonage = SideBench(.vonage)
    #expect(throws: WireFault.self) { try vonage.receive([1, 2], isText: false) }
    try vonage.receive(Self.starts[4].start)
    try vonage.receive([UInt8](repeating: 7, count: 640), isText: false)
    #expect(vonage.packets == [[UInt8](repeating: 7, count: 640)])
    let twilio = try SideBench.twilio()
    #expect(throws: WireFault.self) { try twilio.receive([1, 2], isText: false) }
  }
}
