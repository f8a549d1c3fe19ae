import CallCore
import JSON
import TestSupport
import Testing
import Wires

@Suite("Platform side of telephone providers")
struct TelephonyPlatformSideTests {
  static let wires = CallWire.telephony

  /// A side with its play-out, what it wrote, what was played of the bot, and which marks were reached.
  private final class Bench {
    let side: TelephonyPlatformSide
    private var queue: PlayoutQueue
    private var now = Timestamp.zero
    /// Whether all that comes is played at once.
    var plays = true
    private(set) var written: [String] = []
    private(set) var binary: [[UInt8]] = []
    private(set) var audio: [UInt8] = []
    private(set) var acts: [String] = []

    init(_ wire: CallWire = .twilio, _ parameters: [String: String] = [:]) throws {
      side = try #require(TelephonyPlatformSide(wire, TelephonyCall(number: 0xABC, parameters: parameters)))
      queue = PlayoutQueue(side.format)
    }

    func begin() { side.begin { written.append($0) } }

    func send(_ packet: [UInt8], number: UInt32) {
      packet.withUnsafeBytes { bytes in
        side.send(bytes, number: number) { frame in
          let whole = Array(frame.header) + Array(frame.payload)
          if frame.isText { written.append(String(decoding: whole, as: UTF8.self)) } else { binary.append(whole) }
          return true
        }
      }
    }

    func receive(_ text: String) { receive(Array(text.utf8), isText: true) }

    func receive(_ frame: [UInt8], isText: Bool) {
      frame.withUnsafeBytes { bytes in
        side.receive(bytes, isText: isText, at: now, into: &queue, { written.append($0) }) { event in
          acts.append(event == .cleared ? "clear" : "\(event)")
        }
      }
      while plays, queue.queuedBytes > 0 || queue.queuedMarks > 0 { playFrame() }
    }

    private func playFrame() {
      let count = queue.queuedBytes
      queue.play(until: now) { mark, _ in
        acts.append("mark \(mark)")
      } play: { frame, _ in
        if let frame { audio += frame.prefix(count) }
      }
      now = now + .milliseconds(20)
    }

    func reach(_ mark: String) { side.reached(mark, at: now, { written.append($0) }) { _ in } }
    func press(_ key: Key) { side.send(key) { written.append($0) } }
    func end() { side.end { written.append($0) } }
    func clear() { written = [] }

    /// Marks that wait to be reached.
    var queuedMarks: Int { queue.queuedMarks }
    var codes: [Int] { side.findings.compactMap { if case .number(let number) = $0.code { number } else { nil } } }
  }

  static let stream = "MZ" + String(repeating: "0", count: 15) + "1" + String(repeating: "0", count: 13) + "abc"

  @Test("Twilio's messages are those of its documentation, member by member, with counters as texts")
  func twilio() throws {
    let bench = try Bench(.twilio, ["flow": "appointment", "note": "\"é\""])
    bench.begin()
    bench.send([0xFF, 0x00, 0x7F], number: 0)
    bench.send([0xFF, 0x00, 0x7F, 0x10], number: 41)
    bench.press(try #require(Key("7")))
    bench.reach("m 1")
    bench.end()
    let stream = Self.stream
    let call = "CA" + stream.dropFirst(2).prefix(15) + "2" + stream.suffix(16)
    let account = "AC" + stream.dropFirst(2).prefix(15) + "3" + stream.suffix(16)
    let wanted: [String] = [
      #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#,
      #"{"event":"start","sequenceNumber":"1","streamSid":"\#(stream)","start":{"accountSid":"\#(account)","streamSid":"\#(stream)","callSid":"\#(call)","tracks":["inbound"],"customParameters":{"flow":"appointment","note":"\"é\""},"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#,
      #"{"event":"media","sequenceNumber":"2","streamSid":"\#(stream)","media":{"track":"inbound","chunk":"1","timestamp":"0","payload":"/wB/"}}"#,
      #"{"event":"media","sequenceNumber":"3","streamSid":"\#(stream)","media":{"track":"inbound","chunk":"42","timestamp":"820","payload":"/wB/EA=="}}"#,
      #"{"event":"dtmf","sequenceNumber":"4","streamSid":"\#(stream)","dtmf":{"track":"inbound_track","digit":"7"}}"#,
      #"{"event":"mark","sequenceNumber":"5","streamSid":"\#(stream)","mark":{"name":"m 1"}}"#,
      #"{"event":"stop","sequenceNumber":"6","streamSid":"\#(stream)","stop":{"accountSid":"\#(account)","callSid":"\#(call)"}}"#,
    ]
    #expect(bench.written == wanted)
  }

  @Test(
    "our own bot's side reads what the platform's side writes, in every dialect, and the other way round",
    arguments: wires)
  func bothSides(wire: CallWire) throws {
    let parameters = ["flow": "appointment", "customer": "4711"]
    let bench = try Bench(wire, parameters)
    let bot = try #require(TelephonyApplicationSide(wire))
    let packet = [UInt8](
      repeating: 3, count: bench.side.format.sampleRate / 50 * (bench.side.format.codec == .pcm16 ? 2 : 1))
    bench.begin()
    let packets = wire == .exotel ? 10 : 3  // Exotel sends five at a time
    for number in 0..<packets { bench.send(packet, number: UInt32(number)) }
    bench.press(try #require(Key("5")))
    bench.end()
    var events: [String] = []
    func read(_ frame: [UInt8], isText: Bool) throws {
      _ = try frame.withUnsafeBytes { bytes in
        try bot.receive(bytes, isText: isText) { event in
          switch event {
          case .opened(let invitation):
            let request = invitation.request
            events.append(
              "opened \(request.codec) \(request.sampleRate) \(request.flow) \(request.metadata["customer"] ?? "")")
          case .audio(let audio, let sequence, _): events.append("audio \(audio.count) \(sequence)")
          case .key(let key): events.append("key \(key)")
          case .hungUp: events.append("hung up")
          default: events.append("more")
          }
        }
      }
    }
    let (start, rest) = (bench.written.filter { $0.contains("start") || $0.contains("connected") }, bench.written)
    for text in start { try read(Array(text.utf8), isText: true) }
    for frame in bench.binary { try read(frame, isText: false) }
    for text in rest where !start.contains(text) { try read(Array(text.utf8), isText: true) }
    let told = wire == .plivo ? " " : "appointment 4711"
    let format = bench.side.format
    #expect(
      events == ["opened \(format.codec) \(format.sampleRate) \(told)"]
        + (0..<packets).map { "audio \(packet.count) \($0)" } + ["key 5"] + (wire == .vonage ? [] : ["hung up"]))

    // What our bot sends back is without a finding, and is read.
    let audio = [UInt8](repeating: 9, count: packet.count)
    for number in 0..<10 {
      audio.withUnsafeBytes { bytes in
        let end = number == 9 ? AgentPacket.End.utterance : .nothing
        let packet = AgentPacket(bytes, number: UInt32(number), due: .zero, utterance: UtteranceID(1), end: end)
        #expect(
          bot.send(packet) { frame in
            bench.receive(Array(frame.header) + Array(frame.payload), isText: frame.isText)
            return true
          })
      }
    }
    bot.send(.report(.clear(UtteranceID(1)))) { bench.receive($0) }
    #expect(bench.audio == [UInt8](repeating: 9, count: packet.count * 10))
    #expect(bench.acts == ["mark 1", "clear"])
    #expect(bench.side.findings.isEmpty, "\(bench.side.findings)")
    // Its marks come back to it in its own words.
    var played = 0
    bench.clear()
    bench.reach("1")
    _ = try Array(try #require(bench.written.first).utf8).withUnsafeBytes { bytes in
      try bot.receive(bytes, isText: true) { if case .markReturned = $0 { played += 1 } }
    }
    #expect(played == 0, "after a clear a mark says nothing about what was played")
  }

  @Test(
    "Exotel's caller comes 100 ms at a time; what the network lost within them is silent, what comes too late is left out"
  )
  func gathered() throws {
    let bench = try Bench(.exotel)
    let bytes = 320
    for number in [0, 1, 2, 3, 4, 5, 7, 9, 8, 10, 20] as [UInt32] {
      bench.send([UInt8](repeating: UInt8(number + 1), count: bytes), number: number)
    }
    func message(_ sequence: Int, _ chunk: Int, _ values: [UInt8]) -> String {
      let payload = Self.base64(values.flatMap { [UInt8](repeating: $0, count: bytes) })
      return "{\"event\":\"media\",\"sequence_number\":\"\(sequence)\",\"stream_sid\":\"\(Self.stream)\","
        + "\"media\":{\"track\":\"inbound\",\"chunk\":\"\(chunk)\",\"timestamp\":\"\((chunk - 1) * 100)\",\"payload\":\"\(payload)\"}}"
    }
    let wanted = [
      message(1, 1, [1, 2, 3, 4, 5]), message(2, 2, [6, 0, 8, 0, 10]), message(3, 3, [11, 0, 0, 0, 0]),
    ]
    #expect(bench.written == wanted)
    #expect(bench.codes.isEmpty)
  }

  @Test(
    "Telnyx carries A-law where that was asked for, and says so; a format that a provider does not have makes no side")
  func formats() throws {
    var call = TelephonyCall(number: 0xABC)
    call.format = AudioFormat(codec: .alaw, sampleRate: 8000)
    let side = try #require(TelephonyPlatformSide(.telnyx, call))
    var written: [String] = []
    side.begin { written.append($0) }
    #expect(side.format == call.format && written.contains { $0.contains(#""encoding":"PCMA""#) }, "\(written)")
    #expect(Self.wires.filter { TelephonyPlatformSide($0, call) != nil } == [.telnyx])
  }

  @Test("Plivo's bots say what their audio is: what the stream does not carry is noted and not played as noise")
  func contentType() throws {
    let bench = try Bench(.plivo)
    func play(_ type: String) -> String {
      #"{"event":"playAudio","media":{"contentType":"\#(type)","sampleRate":8000,"payload":"/wB/"},"streamId":"\#(Self.stream)"}"#
    }
    bench.receive(play("audio/x-mulaw"))
    #expect(bench.audio == [255, 0, 127] && bench.codes.isEmpty)
    bench.receive(play("audio/x-l16"))
    bench.receive(play(#"audio\/x-l16"#))
    #expect(bench.audio == [255, 0, 127] && bench.codes == [31951])
    #expect(bench.side.findings[0].text.contains("the stream carries audio/x-mulaw, got \"audio/x-l16\""))
  }

  private static let streamKeys: [CallWire: String] = [
    .twilio: "streamSid", .telnyx: "stream_id", .plivo: "streamId", .exotel: "stream_sid",
  ]

  @Test("what comes of a clear: Twilio returns the marks, Plivo and Vonage say that all was dropped", arguments: wires)
  func cleared(wire: CallWire) throws {
    let bench = try Bench(wire)
    bench.plays = false
    let stream = wire == .vonage ? "" : #","\#(Self.streamKeys[wire] ?? "")":"\#(Self.stream)""#
    for name in ["a", "b"] {
      switch wire {
      case .vonage: bench.receive(#"{"action":"notify","payload":{"mark":"\#(name)"}}"#)
      case .plivo: bench.receive(#"{"event":"checkpoint","name":"\#(name)"\#(stream)}"#)
      default: bench.receive(#"{"event":"mark","mark":{"name":"\#(name)"}\#(stream)}"#)
      }
    }
    let key = wire == .vonage ? "action" : "event"
    bench.receive(#"{"\#(key)":"\#(wire == .plivo ? "clearAudio" : "clear")"\#(stream)}"#)
    #expect(bench.acts == ["clear"] && bench.codes.isEmpty, "\(bench.side.findings)")
    switch wire {
    case .plivo: #expect(bench.written.count == 1 && bench.written[0].contains("\"clearedAudio\""))
    case .vonage: #expect(bench.written == [#"{"event":"websocket:cleared"}"#])
    default:
      #expect(bench.written.count == 2 && bench.written[0].contains("\"a\"") && bench.written[1].contains("\"b\""))
    }
  }

  /// What a Twilio bot sends, what comes of it, and the code that it earns.
  static let messages: [(name: String, text: String, audio: [UInt8], acts: [String], code: Int?)] = [
    ("media", #"{"event":"media","streamSid":"S","media":{"payload":"/wB/"}}"#, [255, 0, 127], [], nil),
    (
      "in another order, with blanks", #" { "media" : { "payload" : "/wB/" } , "streamSid":"S","event":"media" } "#,
      [255, 0, 127], [], nil
    ),
    ("with escapes", #"{"event":"media","streamSid":"S","media":{"payload":"\/wB\/"}}"#, [255, 0, 127], [], nil),
    ("nothing in it", #"{"event":"media","streamSid":"S","media":{"payload":""}}"#, [], [], nil),
    ("mark", #"{"event":"mark","streamSid":"S","mark":{"name":"x"}}"#, [], ["mark x"], nil),
    ("clear", #"{"event":"clear","streamSid":"S"}"#, [], ["clear"], nil),
    ("no JSON", "{", [], [], 31951),
    ("empty", "", [], [], 31951),
    ("a list", "[]", [], [], 31951),
    ("deep", String(repeating: "[", count: 10_000), [], [], 31951),
    ("unknown event", #"{"event":"dance","streamSid":"S"}"#, [], [], 31951),
    ("event of another type", #"{"event":5,"streamSid":"S"}"#, [], [], 31951),
    ("no event", #"{"streamSid":"S","media":{"payload":"/wB/"}}"#, [], [], 31951),
    ("no payload", #"{"event":"media","streamSid":"S","media":{}}"#, [], [], 31951),
    ("no media", #"{"event":"media","streamSid":"S"}"#, [], [], 31951),
    ("payload of another type", #"{"event":"media","streamSid":"S","media":{"payload":7}}"#, [], [], 31951),
    ("no Base64", #"{"event":"media","streamSid":"S","media":{"payload":"%%%%"}}"#, [], [], 31951),
    ("half a Base64", #"{"event":"media","streamSid":"S","media":{"payload":"/wB"}}"#, [], [], 31951),
    ("no stream", #"{"event":"media","media":{"payload":"/wB/"}}"#, [255, 0, 127], [], 31951),
    ("another stream", #"{"event":"media","streamSid":"MZ9","media":{"payload":"/wB/"}}"#, [], [], 31951),
    ("stream of another type", #"{"event":"clear","streamSid":9}"#, [], [], 31951),
    (
      "one member too many", #"{"event":"media","streamSid":"S","x":1,"media":{"payload":"/wB/"}}"#, [255, 0, 127], [],
      31951
    ),
    (
      "one too many within", #"{"event":"media","streamSid":"S","media":{"payload":"/wB/","track":"outbound"}}"#,
      [255, 0, 127], [], 31951
    ),
    (
      "an object too many", #"{"event":"media","streamSid":"S","x":{},"media":{"payload":"/wB/"}}"#, [255, 0, 127], [],
      31951
    ),
    ("mark without a name", #"{"event":"mark","streamSid":"S","mark":{}}"#, [], [], 31951),
    (
      "mark with a long name",
      #"{"event":"mark","streamSid":"S","mark":{"name":"\#(String(repeating: "x", count: 257))"}}"#, [], [], 31951
    ),
    ("clear with more", #"{"event":"clear","streamSid":"S","why":"x"}"#, [], ["clear"], 31951),
    ("what only a provider says", #"{"event":"stop","streamSid":"S"}"#, [], [], 31951),
  ]

  @Test("each message of a bot is read or noted, and the next one is read", arguments: messages.indices)
  func reading(index: Int) throws {
    let message = Self.messages[index]
    let bench = try Bench()
    let before = "{\"event\":\"clear\",\"streamSid\":\"\(Self.stream)\"}"
    bench.receive(before)
    bench.receive(message.text.replacing("\"S\"", with: "\"\(Self.stream)\""))
    #expect(bench.audio == message.audio, "\(message.name)")
    #expect(bench.acts == ["clear"] + message.acts, "\(message.name)")
    #expect(bench.codes == (message.code.map { [$0] } ?? []), "\(message.name): \(bench.side.findings)")
    #expect(bench.side.findings.allSatisfy { $0.offset == before.utf8.count && $0.text.count < 400 }, "\(message.name)")
    bench.receive(before)
    #expect(bench.acts.last == "clear")
  }

  @Test("each code is told once in a stream; binary, too long, overflow and close have their own")
  func codes() throws {
    let bench = try Bench()
    bench.plays = false
    // Over ten minutes, a minute and a half at once.
    let text = String(repeating: "A", count: 1_000_000)
    for _ in 0..<8 {
      bench.receive("{")
      bench.receive([1, 2, 3], isText: false)
      bench.receive("{\"event\":\"media\",\"streamSid\":\"\(Self.stream)\",\"media\":{\"payload\":\"\(text)\"}}")
    }
    for _ in 0..<3 {
      #expect(bench.side.closed(code: 1005, reason: "") == .over(.completed))
    }
    #expect(bench.codes == [31951, 31950, 31931, 31921])
    #expect(bench.side.findings[1].offset == 1)
    let other = try Bench()
    other.receive([UInt8](repeating: 0x20, count: TelephonyPlatformSide.messageBytesMax + 1), isText: true)
    #expect(other.codes == [31951] && other.side.findings[0].text.contains("1048577 bytes"))
    [1, 2].withUnsafeBytes { bytes in other.side.send(bytes, number: 0) { _ in false } }
    #expect(other.codes == [31951, 31930])
  }

  @Test("audio of any length is decoded whole", arguments: [1, 2, 3, 160, 1100, 3071, 3072, 3073, 16_500, 99_999])
  func lengths(count: Int) throws {
    var luck = SeededGenerator(seed: UInt64(count))
    let audio = (0..<count).map { _ in UInt8.random(in: 0...255, using: &luck) }
    let bench = try Bench()
    bench.receive(
      "{\"event\":\"media\",\"streamSid\":\"\(Self.stream)\",\"media\":{\"payload\":\"\(Self.base64(audio))\"}}")
    #expect(bench.audio == audio && bench.side.findings.isEmpty)
  }

  @Test("a payload is what JSON and Base64 take for one, whatever byte stands at whatever place of it")
  func payloadBytes() throws {
    let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    for place in 0..<20 {
      for byte in UInt8.min...UInt8.max {
        let bench = try Bench()
        var payload = [UInt8](repeating: UInt8(ascii: "A"), count: 20)
        payload[place] = byte
        let head = Array("{\"event\":\"media\",\"streamSid\":\"\(Self.stream)\",\"media\":{\"payload\":\"".utf8)
        bench.receive(head + payload + Array("\"}}".utf8), isText: true)
        let isPadding = byte == UInt8(ascii: "=") && place == 19
        let count = letters.contains(byte) ? 15 : isPadding ? 14 : 0
        #expect(bench.audio.count == count && bench.codes == (count == 0 ? [31951] : []), "\(byte) at \(place)")
      }
    }
  }

  @Test(
    "numbers of messages grow a digit and leave gaps, and the next message is written right",
    // The one of the others numbers nothing, the other gathers.
    arguments: wires.filter { $0 != .vonage && $0 != .exotel })
  func numbers(wire: CallWire) throws {
    let (bench, once) = (try Bench(wire), try Bench(wire))
    let audio = [UInt8](repeating: 0x7F, count: 160)
    let numbers = [0, 1, 8, 9, 10, 49, 50, 98, 99, 100, 4_999, 5_000, 5_001, 1_000_000, 7, 8] as [UInt32]
    for number in numbers { bench.send(audio, number: number) }
    once.send(audio, number: 0)
    let first = try #require(once.written.first)
    for (index, number) in numbers.enumerated() {
      let milliseconds = Int(number) * 20
      let wanted =
        if wire == .plivo {
          first.replacing("\"sequenceNumber\":1,", with: "\"sequenceNumber\":\(index + 1),")
            .replacing("\"chunk\":1,", with: "\"chunk\":\(number + 1),")
        } else {
          first.replacing("equenceNumber\":\"1\"", with: "equenceNumber\":\"\(index + 1)\"")
            .replacing("sequence_number\":\"1\"", with: "sequence_number\":\"\(index + 1)\"")
            .replacing("\"chunk\":\"1\"", with: "\"chunk\":\"\(number + 1)\"")
        }
      let began = try #require(Int(first.split(separator: "\"timestamp\":\"")[1].prefix { $0 != "\"" }))
      #expect(
        bench.written[index]
          == wanted.replacing("\"timestamp\":\"\(began)\"", with: "\"timestamp\":\"\(began + milliseconds)\""))
    }
  }

  @Test("half a sample and padding in the middle are noted, not played as noise")
  func halves() throws {
    let bench = try Bench(.exotel)
    bench.receive("{\"event\":\"media\",\"media\":{\"payload\":\"\(Self.base64([1, 2, 3]))\"}}")
    #expect(bench.audio == [1, 2] && bench.codes == [31951])
    let other = try Bench()
    let padded = Self.base64([UInt8](repeating: 1, count: 3071)) + "AAAA"
    other.receive("{\"event\":\"media\",\"streamSid\":\"\(Self.stream)\",\"media\":{\"payload\":\"\(padded)\"}}")
    #expect(other.audio.isEmpty && other.codes == [31951])
  }

  @Test("random bytes are never read as something, and end nothing", arguments: 0..<200)
  func rubbish(seed: Int) throws {
    var luck = SeededGenerator(seed: UInt64(seed))
    let wire = try #require(Self.wires.randomElement(using: &luck))
    let bench = try Bench(wire)
    var frame = Array("{\"event\":\"media\",\"streamSid\":\"\(Self.stream)\",\"media\":{\"payload\":\"/wB/\"}}".utf8)
    for _ in 0..<Int.random(in: 1...8, using: &luck) {
      frame[Int.random(in: frame.indices, using: &luck)] = UInt8.random(in: 0...255, using: &luck)
    }
    bench.receive(frame, isText: true)
    #expect(bench.audio.count <= 3 && bench.acts.isEmpty && bench.codes.count <= 1)
  }

  @Test("parameters for which the start has no place stand in the query of the address, encoded")
  func address() {
    let parameters = ["flow": "book & go", "x": "é"]
    #expect(CallWire.plivo.streamURL("ws://h/s?a=b", parameters) == "ws://h/s?a=b&flow=book%20%26%20go&x=%C3%A9")
    #expect(CallWire.plivo.streamURL("ws://h/s", ["a": "1"]) == "ws://h/s?a=1")
    for wire in Self.wires where wire != .plivo { #expect(wire.streamURL("ws://h/s", parameters) == "ws://h/s") }
  }

  /// Written a second time, plainly, so that the tests do not believe the product's own.
  private static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let piece = bytes[start..<min(start + 3, bytes.count)]
      let bits = piece.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - piece.count))
      for place in 0..<4 { text.append(place <= piece.count ? letters[bits >> (18 - 6 * place) & 63] : "=") }
    }
    return text
  }

  @Test(
    "A bot that sends a million marks that are never reached costs no more than the queue has places, and one finding")
  func marks() throws {
    let bench = try Bench()
    bench.plays = false
    bench.receive(#"{"event":"media","streamSid":"\#(Self.stream)","media":{"payload":"////"}}"#)
    let mark = Array(#"{"event":"mark","streamSid":"\#(Self.stream)","mark":{"name":"a"}}"#.utf8)
    for _ in 0..<1_000_000 { bench.receive(mark, isText: true) }
    #expect(bench.queuedMarks == PlayoutQueue.marksMax)
    #expect(bench.side.findings.map(\.code) == [.queueFull])
  }
}
