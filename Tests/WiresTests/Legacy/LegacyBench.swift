import CallCore
import JSON
import Testing
import Wires

/// A client of the JSON wire and the server's side of it, in virtual time: what goes in, and what comes out.
final class LegacyBench {
  let side: LegacyApplicationSide
  /// What the client did, as the side tells the call.
  private(set) var events: [String] = []
  /// Packets of the caller, the instants at which the call hears them, and their instants on the clock of the samples.
  private(set) var packets: [[UInt8]] = []
  private(set) var heardAt: [Int] = []
  private(set) var stamps: [Int] = []
  /// What the client was sent.
  private(set) var sent: [JSONValue] = []
  private(set) var invitation: CallInvitation?
  /// Whether the connection takes audio.
  var isFull = false
  /// Whether the call takes no more texts.
  var isCallFull = false
  private var milliseconds = 0

  init() { side = LegacyApplicationSide { ConversationLoad(connections: 3, queueDepth: 2) } }

  static let agent = #""agentEnabled":true,"model":"appointment""#

  /// A session that is up.
  /// - Parameter config: members.
  static func begun(_ config: String = agent) throws -> LegacyBench {
    let bench = LegacyBench()
    try bench.begin(config)
    bench.clear()
    return bench
  }

  /// When each of them began, in microseconds since 1970 UTC.
  static let startedAt: Int64 = 1_700_000_000_000_000

  func begin(_ config: String) throws {
    try receive(#"{"type":"init","eventId":"i","apiKey":"key","config":{\#(config)}}"#)
    ready()
  }

  func ready() {
    var notice = ReadyNotice(callID: "call", codec: .pcm16, sampleRate: 16_000, flow: "appointment", voice: "heart")
    notice.startedAtUnixMicroseconds = Self.startedAt
    send(.ready(notice))
  }

  /// Types of what was sent.
  var types: [String] { sent.map { $0.text(at: "type") ?? "?" } }

  func clear() { (events, packets, heardAt, stamps, sent) = ([], [], [], [], []) }

  /// The last message of a type.
  func last(_ type: String) throws -> JSONValue { try #require(sent.last { $0.text(at: "type") == type }) }

  @discardableResult
  func receive(_ text: String, isText: Bool = true) throws -> FrameKind {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { try side.receive($0, isText: isText) { handle($0) } }
  }

  @discardableResult
  func append(_ bytes: [UInt8], id: String = "a") throws -> FrameKind {
    try receive(
      #"{"type":"audio_chunk","eventId":"\#(id)","chunk":"\#(RealtimeBench.base64(bytes))","timestamp":17}"#)
  }

  /// A piece of so many milliseconds.
  func append(milliseconds: Int, id: String = "a") throws {
    try append([UInt8](repeating: 1, count: milliseconds * 32), id: id)
  }

  /// Lets time pass in ticks of 20 ms.
  func pass(_ span: Int) {
    for _ in 0..<(span / 20) {
      milliseconds += 20
      side.advance(at: now) { handle($0) }
    }
  }

  var now: Timestamp { .zero + .milliseconds(milliseconds) }

  func send(_ command: WireCommand) {
    side.setTime(now)
    side.send(command) { keep($0) }
  }

  func report(_ report: CallReport) { send(.report(report)) }

  /// The agent says packets of 20 ms.
  @discardableResult
  func say(_ count: Int, utterance: Int = 1, end: AgentPacket.End = .nothing) -> Bool {
    var isSent = true
    for number in 0..<count {
      [UInt8](repeating: UInt8(number % 256), count: 640).withUnsafeBytes { bytes in
        let packet = AgentPacket(
          bytes, number: 0, due: now, utterance: UtteranceID(utterance), end: number == count - 1 ? end : .nothing)
        isSent = side.send(packet) { frame in
          guard !isFull else { return false }
          keep(String(decoding: Array(frame.header) + Array(frame.payload), as: UTF8.self))
          return true
        }
      }
    }
    return isSent
  }

  /// What is understood of the caller.
  func words(_ text: String, turn: Int = 1, source: TranscriptEntry.Source = .speech, isFinal: Bool = true) {
    let entry = TranscriptEntry(
      turn: TurnID(turn), role: .caller, text: text, at: .zero, source: source, playedText: text)
    report(.transcript(entry, final: isFinal))
  }

  static func agentEntry(_ text: String, utterance: Int = 1, heard: Int = 0) -> TranscriptEntry {
    var entry = TranscriptEntry(
      turn: TurnID(0), role: .agent, text: text, at: .zero, source: .speech, utterance: UtteranceID(utterance),
      playedText: text)
    entry.heard = .milliseconds(heard)
    return entry
  }

  /// Samples of a `tts_chunk`, which must be a WAV file of its own.
  static func samples(_ message: JSONValue) throws -> [UInt8] {
    let file = try #require(message.text(at: "chunk").flatMap(decoded))
    #expect(Array(file[0..<4]) == Array("RIFF".utf8) && Array(file[8..<16]) == Array("WAVEfmt ".utf8))
    #expect(number(file, 4, 4) == file.count - 8)
    #expect(number(file, 20, 2) == 1 && number(file, 22, 2) == 1)
    #expect(number(file, 24, 4) == 16_000 && number(file, 28, 4) == 32_000)
    #expect(number(file, 32, 2) == 2 && number(file, 34, 2) == 16)
    #expect(Array(file[36..<40]) == Array("data".utf8) && number(file, 40, 4) == file.count - 44)
    return Array(file[44...])
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
  }

  private static func decoded(_ text: String) -> [UInt8]? {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var (bytes, bits, count) = ([UInt8](), 0, 0)
    for letter in text.utf8 where letter != UInt8(ascii: "=") {
      guard let value = letters.firstIndex(of: letter) else { return nil }
      (bits, count) = (bits << 6 | value, count + 6)
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(bits >> count & 255))
      }
    }
    return bytes
  }

  private func keep(_ text: String) { sent.append((try? JSONValue(parsing: text)) ?? .string(text)) }

  private func handle(_ event: WireEvent) {
    switch event {
    case .opened(let invitation):
      self.invitation = invitation
      events.append("opened")
    case .audio(let packet, let sequence, let stamp):
      #expect(Int(sequence) >= packets.count)
      packets.append(Array(packet))
      heardAt.append(milliseconds)
      stamps.append(Int(stamp ?? 0) / 1000)
    case .text(let text):
      events.append("text \(text)")
      if isCallFull { report(.trouble(code: "too-early", message: "too many")) }
    case .rated(let rating): events.append("\(rating.note.name) \(rating.note.text)")
    case .hungUp: events.append("hung up")
    case .commanded(.configure(let settings)): events.append(settings.repliesByItself ? "replies" : "is quiet")
    case .commanded(let command): events.append("\(command)")
    case .answer(let text, let isFault):
      keep(text)
      #expect(isFault == text.contains(#""type":"error""#))
    case .key, .played, .markReturned, .asked, .stopped: events.append("not of this wire")
    }
  }
}
