import CallCore
import JSON
import Wires

/// Events of a Realtime client, one a line; a line that begins with `B` is binary, with `T` lets time pass, with `R` tells what happened in the
/// call. The agent says something between two of them.
final class RealtimeTarget: FuzzTarget {
  static let name = "realtime"

  func run(_ bytes: [UInt8]) {
    var address = RealtimeAddress(id: "sess_0123456789abcdef", model: "chat", voice: "heart", expiresAt: 3600)
    address.isModel = bytes.count % 2 == 1
    let side = RealtimeApplicationSide(address)
    let session = RealtimeSessionUnderTest(side)
    side.connected { require(session.isJSON($0), "what is sent is JSON") }
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      switch line.first {
      case UInt8(ascii: "T"): session.pass(ticks: line.count)
      case UInt8(ascii: "R"): session.report(line.dropFirst())
      case UInt8(ascii: "B"): session.receive(Array(line.dropFirst()), isText: false)
      default: session.receive(Array(line), isText: true)
      }
      session.say(index)
    }
    side.send(.ended(.completed, nil)) { require(session.isJSON($0), "what is sent is JSON") }
  }
}

/// One session, and what must hold of it.
private final class RealtimeSessionUnderTest {
  private let side: RealtimeApplicationSide
  private var opened: StartRequest?
  private var now = Timestamp.zero
  private var turns = 0

  init(_ side: RealtimeApplicationSide) { self.side = side }

  func receive(_ frame: [UInt8], isText: Bool) {
    frame.withUnsafeBytes { frame in
      do { _ = try side.receive(frame, isText: isText) { handle($0) } } catch { fatalError("every fault is answered") }
    }
  }

  func pass(ticks: Int) {
    for _ in 0..<ticks {
      now = now + .milliseconds(20)
      side.advance(at: now) { handle($0) }
    }
  }

  func report(_ kinds: ArraySlice<UInt8>) {
    for kind in kinds {
      let utterance = UtteranceID(1 + Int(kind) % 3)
      var entry = TranscriptEntry(
        turn: TurnID(turns), role: .agent, text: "words", at: now, source: .speech, utterance: utterance, playedText: ""
      )
      let report: CallReport
      switch kind % 8 {
      case 0: report = .speechStarted(at: now)
      case 1: report = .speechStopped(at: now)
      case 2:
        turns += Int(kind) % 2
        entry.role = .caller
        report = .transcript(entry, final: true)
      case 3: report = .agentStarted(entry)
      case 4: report = .agentFinished(entry)
      case 5: report = .agentInterrupted(entry)
      case 6: report = .trouble(code: "recognition-failed", message: "words")
      default: report = .trouble(code: "synthesis-failed", message: "words")
      }
      side.send(.report(report)) { require(isJSON($0), "what is sent is JSON") }
    }
  }

  func say(_ index: Int) {
    guard let opened else { return }
    [UInt8](repeating: 7, count: packetBytes(opened)).withUnsafeBytes { bytes in
      let packet = AgentPacket(bytes, number: UInt32(index), due: now, utterance: UtteranceID(1 + index / 5))
      _ = side.send(packet) { frame in
        require(frame.isText && isJSON(String(decoding: frame.header, as: UTF8.self)), "what is sent is JSON")
        return index % 7 != 6
      }
    }
  }

  private func handle(_ event: WireEvent) {
    switch event {
    case .opened(let invitation):
      require(opened == nil, "a session opens once")
      opened = invitation.request
    case .audio(let packet, _, _):
      guard let opened else { fatalError("audio comes behind the opening") }
      require(packet.count == packetBytes(opened), "a packet has 20 ms")
    case .answer(let text, _): require(isJSON(text), "what is sent is JSON")
    case .text(let text): require(!text.isEmpty, "a typed text has words")
    case .played(_, let played): require(played >= .zero, "nobody plays less than nothing")
    case .commanded, .asked, .stopped: require(opened != nil, "nothing comes before the opening")
    case .key, .markReturned, .hungUp, .rated: fatalError("no event of this wire")
    }
  }

  private func packetBytes(_ request: StartRequest) -> Int {
    request.sampleRate / 50 * (request.codec == .pcm16 ? 2 : 1)
  }

  func isJSON(_ text: String) -> Bool { (try? JSONValue(parsing: text)) != nil }
}
