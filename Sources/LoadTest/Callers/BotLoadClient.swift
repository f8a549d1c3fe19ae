import CallClient
import CallCore
import JSON
import Simulation
import WebSockets
import Wires

/// One caller who plays a `RecordedCaller` to somebody's bot over its own wire. When the bot speaks is heard, whatever it announces. Lives on a
/// `LoadLoop`; allocates nothing per frame once its queue has grown.
final class BotLoadClient: LoadCallClient {
  /// A longer hole is a pause of the bot, a shorter one inside its speech is audio that came late.
  private static let holeFramesMax = Int(AgentHearing.wordGap.milliseconds / 20)

  private unowned let loop: LoadLoopHandler
  private var caller: ReplayedCaller
  private let side: any PlatformSide
  private var queue: PlayoutQueue
  private var hearing: AgentHearing
  private let loudness: LoudnessFrame
  private var pace = FramePace()
  private var connection: WebSocketConnection?
  private var wasAccepted = false
  /// The call's zero on the loop's clock; `nil` before the first tick of an open connection.
  private var startedAt: UInt64?
  private var packets: UInt32 = 0
  /// Frames since the bot's last one in which nothing was there to play; `nil` when it was not speaking then.
  private var hole: Int?
  private(set) var isOver = false

  init(caller: ReplayedCaller, side: any PlatformSide, agentPause: CallDuration, loop: LoadLoopHandler) {
    (self.caller, self.side, self.loop) = (caller, side, loop)
    queue = PlayoutQueue(side.format)
    hearing = AgentHearing(pause: agentPause)
    loudness = LoudnessFrame(side.format)
  }

  // MARK: - The connection

  func opened(_ connection: WebSocketConnection) {
    self.connection = connection
    wasAccepted = true
    loop.countAccepted()
    side.begin(send)
  }

  func failed(_ failure: WebSocketClientFailure) { finish(CallEnd(failure)) }

  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64) {
    guard !isOver else { return }
    let instant = time(now)
    side.receive(bytes, isText: isText, at: instant, into: &queue, send) { learn($0, at: instant) }
  }

  private func learn(_ event: PlatformEvent, at now: Timestamp) {
    switch event {
    case .cleared:
      hole = nil
      caller.agentCut(hearing.cut(at: now), at: now)
    case .finished:
      if hearing.finish() { caller.agentFinished(at: now) }
    case .says(let text): caller.agentSays(text)
    case .told, .calledTool: break
    }
  }

  func closed(_ connection: WebSocketConnection, code: Int, reason: String) {
    self.connection = nil
    if case .over(let reason) = side.closed(code: code, reason: reason), startedAt != nil {
      return finish(CallEnd(reason))
    }
    finish(.failed(reason.isEmpty ? "broken off with code \(code)" : "broken off: \(reason)"))
  }

  // MARK: - Time

  func tick(at monotonic: UInt64, due tickDue: UInt64) {
    guard !isOver, connection != nil else { return }
    startedAt = startedAt ?? monotonic
    let now = time(monotonic)
    if now - .zero >= caller.recorded.testCase.durationMax {
      return hangUp(.failed("longer than the case allows"))
    }
    pace.begin(at: time(tickDue))
    while !isOver, let due = pace.takeFrame(by: now, &loop.figures) {
      side.advance(at: due, into: &queue, send) { learn($0, at: due) }
      play(until: due)
      let (command, turn) = caller.step(at: due, send: send)
      loop.figures.count(turn)
      switch command {
      case .nothing: break
      case .press(let key): side.send(key, send)
      case .hangUp: hangUp(.completed)
      }
    }
  }

  /// Plays what the bot has to say up to the frame that begins now.
  private func play(until now: Timestamp) {
    queue.play(until: now) { mark, start in
      side.reached(mark, at: start, send) { learn($0, at: start) }
    } play: { packet, start in
      let news = hearing.hear(packet.map { loudness.read($0) }, at: start)
      loop.figures.count(caller.receive(news, at: start))
      let isSound = news != .nothing && packet != nil
      if packet != nil {
        loop.figures.framesReceived += 1
        if let hole, hole > 0, hole < Self.holeFramesMax, isSound {
          loop.figures.framesLate += hole
          loop.figures.gaps += 1
        }
        hole = isSound ? 0 : nil
      } else if let frames = hole {
        hole = frames + 1
      }
    }
  }

  private func send(_ packet: UnsafeRawBufferPointer) {
    loop.figures.framesSent += 1
    side.send(packet, number: packets) { frame in
      guard let connection else { return false }
      let isSent =
        frame.isText
        ? connection.sendText(header: frame.header, payload: frame.payload)
        : connection.sendBinary(header: frame.header, payload: frame.payload)
      if !isSent { loop.figures.framesUnsent += 1 }
      return isSent
    }
    packets &+= 1
  }

  private func send(_ text: String) { connection?.send(text: text) }

  // MARK: - The end

  func abort(at monotonic: UInt64) { hangUp(.cutOff) }

  /// Hangs up, which a bot need not answer.
  private func hangUp(_ end: CallEnd) {
    guard !isOver else { return }
    side.end(send)
    connection?.close(code: 1000, reason: "")
    finish(end)
  }

  private func finish(_ end: CallEnd) {
    guard !isOver else { return }
    isOver = true
    loop.countEnd(end, wasAccepted: wasAccepted)
  }

  private func time(_ now: UInt64) -> Timestamp {
    Timestamp(microseconds: Int64(bitPattern: now &- (startedAt ?? now)))
  }
}
