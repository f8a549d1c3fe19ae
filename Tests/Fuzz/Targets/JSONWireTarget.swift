import CallCore
import JSON
import Wires

/// Messages of a client of the JSON wire, one a line; a line that begins with `B` is binary, with `T` lets time pass, with `R` tells what
/// happened in the call, with `A` says that it is up, and with `S` has the agent say packets.
final class JSONWireTarget: FuzzTarget {
  static let name = "json-wire"

  func run(_ bytes: [UInt8]) {
    let session = JSONWireUnderTest()
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      switch line.first {
      case UInt8(ascii: "A"): session.begin()
      case UInt8(ascii: "T"): session.pass(ticks: line.count)
      case UInt8(ascii: "R"): session.report(line.dropFirst())
      case UInt8(ascii: "S"): session.say(line.count)
      case UInt8(ascii: "B"): session.receive(Array(line.dropFirst()), isText: false)
      default: session.receive(Array(line), isText: true)
      }
    }
    session.end()
  }
}

/// One session, and what must hold of it.
private final class JSONWireUnderTest {
  private let side = LegacyApplicationSide { ConversationLoad(connections: 1, queueDepth: 0) }
  private var isOpened = false
  private var isReady = false
  private var now = Timestamp.zero
  private var turns = 0
  private var utterances = 1
  private var packets = 0

  func receive(_ frame: [UInt8], isText: Bool) {
    frame.withUnsafeBytes { frame in
      do { _ = try side.receive(frame, isText: isText) { handle($0) } } catch { fatalError("every fault is answered") }
    }
  }

  func begin() {
    guard isOpened, !isReady else { return }
    isReady = true
    send(.ready(ReadyNotice(callID: "call", codec: .pcm16, sampleRate: 16_000, flow: "chat", voice: "heart")))
  }

  func pass(ticks: Int) {
    for _ in 0..<ticks {
      now = now + .milliseconds(20)
      side.advance(at: now) { handle($0) }
    }
  }

  func report(_ kinds: ArraySlice<UInt8>) {
    guard isReady else { return }
    for kind in kinds {
      var entry = TranscriptEntry(
        turn: TurnID(turns), role: .agent, text: "words", at: now, source: .speech,
        utterance: UtteranceID(utterances), playedText: "")
      switch kind % 8 {
      case 0: send(.report(.speechStarted(at: now)))
      case 1: send(.report(.speechStopped(at: now)))
      case 2:
        turns += 1
        entry.role = .caller
        if kind > 64 { entry.source = .text }
        send(.report(.transcript(entry, final: kind > 32)))
      case 3: send(.report(.agentStarted(entry)))
      case 4:
        send(.report(.agentFinished(entry)))
        utterances += 1
      case 5: send(.report(.agentInterrupted(entry)))
      case 6: send(.report(.trouble(code: kind > 64 ? "too-early" : "synthesis-failed", message: "words")))
      default:
        let span = CallDuration.milliseconds(Int(kind))
        send(
          .report(
            .turnAnswered(
              TurnLatency(
                turn: TurnID(turns), endpoint: span, recognition: span, flow: span, synthesis: span, playout: span))))
      }
    }
  }

  func say(_ count: Int) {
    guard isReady else { return }
    for index in 0..<count {
      [UInt8](repeating: 7, count: 640).withUnsafeBytes { bytes in
        packets += 1
        let packet = AgentPacket(
          bytes, number: UInt32(packets), due: now, utterance: UtteranceID(utterances),
          end: index == count - 1 ? .sentence : .nothing)
        _ = side.send(packet) { frame in
          require(frame.isText && isJSON(String(decoding: frame.header, as: UTF8.self)), "what is sent is JSON")
          return packets % 7 != 6
        }
      }
    }
  }

  func end() {
    send(.fault(WireFault(.tooMany, "too many"), isFatal: true))
    send(.ended(.completed, nil))
  }

  private func send(_ command: WireCommand) {
    side.setTime(now)
    side.send(command) { require(isJSON($0), "what is sent is JSON") }
  }

  private func handle(_ event: WireEvent) {
    switch event {
    case .opened(let invitation):
      require(!isOpened, "a session opens once")
      require(invitation.request.codec == .pcm16, "audio is samples")
      isOpened = true
    case .audio(let packet, _, let stamp):
      require(isReady, "audio comes behind the opening")
      require(packet.count == 640 && stamp != nil, "a packet has 20 ms")
    case .answer(let text, _): require(isJSON(text), "what is sent is JSON")
    case .text(let text): require(!text.isEmpty && isReady, "a typed text has words")
    case .rated(let rating): require((1...5).contains(rating.score), "a score is one of five")
    case .commanded, .hungUp: require(isOpened, "nothing comes before the opening")
    case .key, .played, .markReturned, .asked, .stopped: fatalError("no event of this wire")
    }
  }

  private func isJSON(_ text: String) -> Bool { (try? JSONValue(parsing: text)) != nil }
}
