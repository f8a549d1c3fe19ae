import CallCore
import FoundationEssentials
import JSON
import TestSupport
import Testing
import Wires

@Suite("The agent's audio on telephone media streams")
struct TelephonyPlayoutTests {
  static let frame = [UInt8](repeating: 0xFF, count: 160)

  @Test("a packet is one message, and a mark stands behind each sentence")
  func messages() throws {
    let bench = try SideBench.twilio()
    let packet = (0..<160).map { UInt8($0) }
    bench.send(packet)
    bench.send(packet, end: .sentence)
    let audio = Data(packet).base64EncodedString()
    let media = #"{"event":"media","streamSid":"MZ1","media":{"payload":"\#(audio)"}}"#
    #expect(bench.sent == [media, media, #"{"event":"mark","streamSid":"MZ1","mark":{"name":"1"}}"#])
  }

  @Test("each provider's words for audio, marks and clear", arguments: TelephonyApplicationSideTests.starts.indices)
  func words(_ index: Int) throws {
    let row = TelephonyApplicationSideTests.starts[index]
    let bench = SideBench(row.wire)
    try bench.receive(row.start)
    let count = row.rate / 50 * (row.codec == .pcm16 ? 2 : 1)
    bench.send([UInt8](repeating: 1, count: count), end: .utterance)
    bench.send(.report(.clear(UtteranceID(1))))
    #expect(bench.sent.map { String($0.prefix { $0 != "," }) } == Self.words[row.wire])
    #expect(bench.sentBinary.map(\.count) == (row.wire == .vonage ? [640] : []))
  }

  static let words: [CallWire: [String]] = [
    .twilio: [#"{"event":"media""#, #"{"event":"mark""#, #"{"event":"clear""#],
    .telnyx: [#"{"event":"media""#, #"{"event":"mark""#, #"{"event":"clear"}"#],
    .plivo: [#"{"event":"playAudio""#, #"{"event":"checkpoint""#, #"{"event":"clearAudio""#],
    .exotel: [#"{"event":"media""#, #"{"event":"mark""#, #"{"event":"clear""#],
    .vonage: [#"{"action":"notify""#, #"{"action":"clear"}"#],
  ]

  @Test("Exotel gets 200 ms at a time, the last one filled up with silence")
  func exotel() throws {
    let bench = SideBench(.exotel)
    try bench.receive(TelephonyApplicationSideTests.starts[3].start)
    let packet = [UInt8](repeating: 1, count: 320)
    for _ in 0..<10 { bench.send(packet) }
    bench.send(packet, end: .utterance)
    let audio = try bench.sent.prefix(2).map { text in
      let payload = try JSONValue(parsing: text)["media"]?.text(at: "payload")
      return [UInt8](try #require(payload.flatMap { Data(base64Encoded: $0) }))
    }
    #expect(audio == [[UInt8](repeating: 1, count: 3200), packet + [UInt8](repeating: 0, count: 2880)])
    #expect(bench.sent.count == 3)
  }

  @Test("what ends a sentence does not wait for the next one, and what broke off is not said later")
  func exotelSentences() throws {
    let bench = SideBench(.exotel)
    try bench.receive(TelephonyApplicationSideTests.starts[3].start)
    bench.send([UInt8](repeating: 1, count: 320), end: .sentence)
    #expect(bench.sent.count == 2 && bench.sent[1].contains("mark"))
    bench.send([UInt8](repeating: 2, count: 320))
    bench.send([UInt8](repeating: 3, count: 320), utterance: 2, end: .utterance)
    let payload = try #require(try JSONValue(parsing: bench.sent[2])["media"]?.text(at: "payload"))
    #expect(Data(base64Encoded: payload)?.prefix(321) == Data([UInt8](repeating: 3, count: 320) + [0]))
  }

  @Test("a packet that the connection cannot take is offered again, and is then there once")
  func full() throws {
    let bench = SideBench(.exotel)
    try bench.receive(TelephonyApplicationSideTests.starts[3].start)
    for _ in 0..<9 { bench.send([UInt8](repeating: 1, count: 320)) }
    bench.isFull = true
    #expect(!bench.send([UInt8](repeating: 2, count: 320)))
    bench.isFull = false
    #expect(bench.send([UInt8](repeating: 2, count: 320)))
    let payload = try #require(try JSONValue(parsing: bench.sent[0])["media"]?.text(at: "payload"))
    #expect(Data(base64Encoded: payload)?.suffix(640) == Data([1, 2].flatMap { [UInt8](repeating: $0, count: 320) }))
  }

  @Test("a mark that comes back tells what was played; those before it are not waited for")
  func marks() throws {
    let bench = try SideBench.twilio()
    for index in 0..<4 { bench.send(Self.frame, due: index * 20, end: index % 2 == 1 ? .sentence : .nothing) }
    bench.send(Self.frame, due: 900, utterance: 2, end: .utterance)
    #expect(bench.side.awaitsMarks)
    for name in ["2", "1", "3", "3"] {
      try bench.receive(#"{"event":"mark","streamSid":"MZ1","mark":{"name":"\#(name)"}}"#)
    }
    #expect(bench.events == ["mark 1 80", "mark 2 20"])
    #expect(bench.returned == [.zero + .milliseconds(80), .zero + .milliseconds(920)])
    #expect(!bench.side.awaitsMarks)
  }

  @Test("marks that come back because the queue was dropped count as not played")
  func cleared() throws {
    let bench = try SideBench.twilio()
    bench.send(Self.frame, end: .sentence)
    bench.send(Self.frame, end: .sentence)
    bench.send(.report(.clear(UtteranceID(1))))
    #expect(!bench.side.awaitsMarks)
    bench.send(Self.frame, utterance: 2, end: .sentence)
    for name in ["1", "2", "3"] { try bench.receive(#"{"event":"mark","streamSid":"MZ1","mark":{"name":"\#(name)"}}"#) }
    #expect(bench.events == ["mark 2 20"])
  }

  @Test("a provider that returns no marks gets no more than 256 of them")
  func silentProvider() throws {
    let bench = try SideBench.twilio()
    for _ in 0..<300 { bench.send(Self.frame, end: .sentence) }
    #expect(bench.sent.count { $0.contains("mark") } == 256)
    #expect(bench.sent.count { $0.contains("media") } == 300)
  }

  @Test("what was really played of a cut utterance follows from how late marks come back")
  func delay() {
    var playback = PlaybackDelay()
    let utterance = UtteranceID(1)
    #expect(playback.played(utterance, reckoned: .milliseconds(700)) == .milliseconds(700))
    playback.markReturned(
      utterance, .milliseconds(400), due: .zero + .milliseconds(400), at: .zero + .milliseconds(650))
    #expect(playback.played(utterance, reckoned: .milliseconds(900)) == .milliseconds(650))
    #expect(playback.played(utterance, reckoned: .milliseconds(500)) == .milliseconds(400))
    #expect(playback.played(UtteranceID(2), reckoned: .milliseconds(200)) == .zero)
    playback.markReturned(
      utterance, .milliseconds(900), due: .zero + .milliseconds(900), at: .zero + .milliseconds(890))
    #expect(playback.played(utterance, reckoned: .milliseconds(950)) == .milliseconds(950))
  }
}

@Suite("TwiML")
struct TwiMLTests {
  @Test("a call is connected to a stream, and hung up after it")
  func document() {
    let twiML = TwiML(streamURL: "wss://voice.example/twilio/stream", parameters: [("flow", "a<b>&\"c\"")])
    #expect(
      twiML.text
        == #"<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="wss://voice.example/twilio/stream">"#
        + #"<Parameter name="flow" value="a&lt;b&gt;&amp;&quot;c&quot;" /></Stream></Connect><Hangup /></Response>"#)
    #expect(TwiML(streamURL: "ws://a").text.contains(#"<Stream url="ws://a" />"#))
  }
}
