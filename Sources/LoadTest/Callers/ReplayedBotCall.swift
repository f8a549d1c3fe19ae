package import CallCore
import JSON
import Simulation
package import Wires

/// One caller who plays a `RecordedCaller` to somebody's bot, with the bot's wire and what is played of it: told the time, so that it is the same in a
/// test as on a socket. When the bot speaks is heard, whatever it announces. Allocates nothing per frame once its queue has grown.
package final class ReplayedBotCall {
  /// A longer hole is a pause of the bot, a shorter one inside its speech is audio that came late.
  private static let holeFramesMax = Int(AgentHearing.wordGap.milliseconds / 20)

  private var caller: ReplayedCaller
  private let side: any PlatformSide
  private var queue: PlayoutQueue
  private var hearing: AgentHearing
  private let loudness: LoudnessFrame
  private var packets: UInt32 = 0
  /// Frames since the bot's last one in which nothing was there to play; `nil` when it was not speaking then.
  private var hole: Int?
  /// Why the call cannot go on, where the bot said so; `nil`: it can.
  package private(set) var failure: CallEnd?

  /// - Parameters:
  ///   - side: of the bot's wire, where the caller is.
  ///   - agentPause: silence that ends an utterance of the bot.
  package init(caller: ReplayedCaller, side: any PlatformSide, agentPause: CallDuration) {
    (self.caller, self.side) = (caller, side)
    queue = PlayoutQueue(side.format)
    hearing = AgentHearing(pause: agentPause)
    loudness = LoudnessFrame(side.format)
  }

  /// What is played to the bot.
  package var recorded: RecordedCaller { caller.recorded }

  /// The connection is up.
  /// - Parameter write: takes a text message.
  package func begin(_ write: (String) -> Void) { side.begin(write) }

  /// A message of the bot arrived.
  /// - Parameter write: takes a text message.
  package func receive(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, at now: Timestamp, _ write: (String) -> Void
  ) {
    side.receive(bytes, isText: isText, at: now, into: &queue, write) { learn($0, at: now) }
  }

  private func learn(_ event: PlatformEvent, at now: Timestamp) {
    switch event {
    case .cleared:
      hole = nil
      caller.agentCut(hearing.cut(at: now), at: now)
    case .finished:
      if hearing.finish() { caller.agentFinished(at: now) }
    case .says(let text): caller.agentSays(text)
    case .told(let message): learn(MessageScanner(message))
    case .calledTool: break
    }
  }

  private func learn(_ message: MessageScanner) {
    switch message {
    case .says(let text): caller.agentSays(text)  // what was told of its words before its first sound
    case .error(let code): failure = failure ?? .failed("error \(code)")
    case .nothing, .ready, .clear, .ended: break  // no side of somebody else's wire tells them
    }
  }

  /// Plays what the bot has to say up to the frame that begins at `due`, then sends the caller's frame that ends there.
  /// - Parameters:
  ///   - due: 20 ms after the last one.
  ///   - figures: count what comes of it.
  ///   - write: takes a text message.
  ///   - send: takes the caller's audio; false when the bot did not take it.
  /// - Returns: whether the caller hangs up.
  package func step(
    at due: Timestamp, _ figures: inout LoadFigures, _ write: (String) -> Void, send: (WireFrame) -> Bool
  ) -> Bool {
    side.advance(at: due, into: &queue, write) { learn($0, at: due) }
    play(until: due, &figures, write)
    let (command, turn) = caller.step(at: due) { packet in transmit(packet, &figures, send) }
    figures.count(turn)
    if case .press(let key) = command { side.send(key, write) }
    return command == .hangUp
  }

  private func play(until now: Timestamp, _ figures: inout LoadFigures, _ write: (String) -> Void) {
    queue.play(until: now) { mark, start in
      side.reached(mark, at: start, write) { learn($0, at: start) }
    } play: { packet, start in
      let news = hearing.hear(packet.map { loudness.read($0) }, at: start)
      figures.count(caller.receive(news, at: start))
      let isSound = news != .nothing && packet != nil
      if packet != nil {
        figures.framesReceived += 1
        if let hole, hole > 0, hole < Self.holeFramesMax, isSound {
          figures.framesLate += hole
          figures.gaps += 1
        }
        hole = isSound ? 0 : nil
      } else if let frames = hole {
        hole = frames + 1
      }
    }
  }

  private func transmit(
    _ packet: UnsafeRawBufferPointer, _ figures: inout LoadFigures, _ send: (WireFrame) -> Bool
  ) {
    figures.framesSent += 1
    side.send(packet, number: packets) { frame in
      let isSent = send(frame)
      if !isSent { figures.framesUnsent += 1 }
      return isSent
    }
    packets &+= 1
  }

  /// Writes that the caller hung up.
  package func end(_ write: (String) -> Void) { side.end(write) }

  /// The bot closed the connection.
  /// - Parameter isBegun: whether the call had begun.
  /// - Returns: what came of the call.
  package func closed(code: Int, reason: String, isBegun: Bool) -> CallEnd {
    if let failure { return failure }
    switch side.closed(code: code, reason: reason) {
    case .over(let end) where isBegun: return CallEnd(end)
    case .refused(let code, _): return .failed("error \(code)")
    case .over, .brokenOff: return .failed(reason.isEmpty ? "broken off with code \(code)" : "broken off: \(reason)")
    }
  }
}
