import CallCore
import JSON
import Testing
import Wires

/// A Realtime client and the server's side of its wire, in virtual time: what goes in, and what comes out.
final class RealtimeBench {
  let side: RealtimeApplicationSide
  /// What the client did, as the side tells the call.
  private(set) var events: [String] = []
  /// Packets of the caller, and the instants at which the call hears them.
  private(set) var packets: [[UInt8]] = []
  private(set) var heardAt: [Int] = []
  /// What the client was sent.
  private(set) var sent: [JSONValue] = []
  private(set) var invitation: StartRequest?
  /// How turns are taken, as the call was told last.
  private(set) var turnSettings: TurnSettings?
  /// Whether the connection takes audio.
  var isFull = false
  private var milliseconds = 0

  /// What a language model is told, in order.
  private(set) var instructions: [TalkInstruction] = []
  /// What it is asked beside the conversation, in order.
  private(set) var questions: [ModelRequest] = []

  init(model: String = "appointment", knownFlows: [String]? = nil, isModel: Bool = false) {
    var address = RealtimeAddress(id: "sess_0123456789abcdef", model: model, voice: "heart", expiresAt: 3600)
    address.isModel = isModel
    side = RealtimeApplicationSide(address, knownFlows: knownFlows)
    side.connected { keep($0) }
  }

  /// A session whose client has sent an empty update.
  static func begun() throws -> RealtimeBench {
    let bench = RealtimeBench()
    try bench.receive(#"{"type":"session.update","session":{"type":"realtime"}}"#)
    bench.clear()
    return bench
  }

  /// Types of what was sent.
  var types: [String] { sent.map { $0.text(at: "type") ?? "?" } }
  var faults: [JSONValue] { sent.filter { $0.text(at: "type") == "error" } }

  func clear() { (events, packets, heardAt, sent) = ([], [], [], []) }

  /// The last event of a type.
  func last(_ type: String) throws -> JSONValue { try #require(sent.last { $0.text(at: "type") == type }) }

  @discardableResult
  func receive(_ text: String, isText: Bool = true) throws -> FrameKind {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { try side.receive($0, isText: isText) { handle($0) } }
  }

  func append(_ bytes: [UInt8]) throws {
    try receive(#"{"type":"input_audio_buffer.append","audio":"\#(Self.base64(bytes))"}"#)
  }

  /// Lets time pass in ticks of 20 ms.
  func pass(_ span: Int) {
    for _ in 0..<(span / 20) {
      milliseconds += 20
      side.advance(at: now) { handle($0) }
    }
  }

  var now: Timestamp { .zero + .milliseconds(milliseconds) }

  func report(_ report: CallReport) { side.send(.report(report)) { keep($0) } }

  func refuse() { side.send(.fault(WireFault(.refused, "refused"), isFatal: true)) { keep($0) } }

  func end(_ reason: CloseReason) { side.send(.ended(reason, nil)) { keep($0) } }

  /// The agent says packets of 20 ms.
  func say(_ count: Int, utterance: Int = 1, bytes: Int = 960) -> Bool {
    var isSent = true
    for number in 0..<count {
      [UInt8](repeating: UInt8(number % 256), count: bytes).withUnsafeBytes { bytes in
        let packet = AgentPacket(bytes, number: 0, due: now, utterance: UtteranceID(utterance))
        isSent = side.send(packet) { frame in
          guard !isFull else { return false }
          keep(String(decoding: Array(frame.header) + Array(frame.payload), as: UTF8.self))
          return true
        }
      }
    }
    return isSent
  }

  static func entry(
    _ text: String, role: TranscriptEntry.Role = .agent, turn: Int = 0, utterance: Int? = 1,
    source: TranscriptEntry.Source = .speech
  ) -> TranscriptEntry {
    TranscriptEntry(
      turn: TurnID(turn), role: role, text: text, at: .zero, source: source,
      utterance: utterance.map(UtteranceID.init), playedText: text)
  }

  /// The whole of an answer.
  func answer(_ text: String, utterance: Int = 1, packets: Int = 5) {
    _ = say(packets, utterance: utterance)
    report(.agentStarted(Self.entry(text, utterance: utterance)))
    report(.agentFinished(Self.entry(text, utterance: utterance)))
  }

  /// What comes of a question beside the conversation.
  func tell(_ number: Int, _ news: AsideNews...) {
    for one in news { side.send(.aside(number, one)) { keep($0) } }
  }

  /// The whole of a turn.
  func turn(_ words: String, number: Int = 1) {
    report(.speechStarted(at: now))
    report(.speechStopped(at: now))
    report(.transcript(Self.entry(words, role: .caller, turn: number, utterance: nil), final: true))
  }

  private func keep(_ text: String) { sent.append((try? JSONValue(parsing: text)) ?? .string(text)) }

  private func handle(_ event: WireEvent) {
    switch event {
    case .opened(let invitation):
      self.invitation = invitation.request
      events.append("opened")
    case .audio(let packet, let sequence, let stamp):
      #expect(stamp == nil)
      #expect(Int(sequence) >= packets.count)
      packets.append(Array(packet))
      heardAt.append(milliseconds)
    case .text(let text): events.append("text \(text)")
    case .played(let utterance, let played): events.append("played \(utterance.number) \(played.milliseconds)")
    case .commanded(.configure(let settings)):
      events.append("configured")
      turnSettings = settings
    case .commanded(.instruct(let instruction)): instructions.append(instruction)
    case .commanded(let command): events.append("\(command)")
    case .asked(let number, let question):
      events.append("asked \(number)")
      questions.append(question)
    case .stopped(let number): events.append("stopped \(number)")
    case .answer(let text, _): keep(text)
    case .key, .markReturned, .hungUp, .rated: events.append("not a Realtime client's")
    }
  }

  static func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? letters[number >> (18 - 6 * place) & 63] : "=")
      }
    }
    return text
  }
}
