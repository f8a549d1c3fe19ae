package import CallCore
import CallDriver
import Wires
package import Simulation

/// A caller who is played from a recording: the simulator's own `CallerPolicy` decides when to speak, the recording says how that sounds, and of the agent only the
/// packets' headers are looked at. Told the time, so that it is the same in a test as on a wire. Allocates nothing per packet.
package struct ReplayedCaller {
  /// What became of a turn that wants an answer.
  package enum TurnEnd: Equatable {
    /// The first packet of the reply came so long after the caller's last sound.
    case answered(CallDuration)
    /// No reply came for so long, and the caller did something else.
    case missed(CallDuration)
    /// The agent began to speak before the caller was done.
    case overrun
  }

  /// A longer hole in an utterance is heard.
  package static let gapMax = CallDuration.milliseconds(20)

  /// What is played.
  package let recorded: RecordedCaller
  /// Holes over `gapMax` that were heard in utterances of the agent.
  package private(set) var gaps = 0
  private var policy: CallerPolicy
  private var playout = AgentPlayout()
  /// The turn that is being played from the recording.
  private var playing: (turn: Int, packet: Int)?
  private var idlePacket: Int
  /// End of the caller's last sound in the turn that waits for its answer, and whether the agent began to speak before.
  private var waiting: (since: Timestamp, isOverrun: Bool)?
  private var actsBegun = 0
  /// Until when an agent that announces nothing was audible.
  private var soundUntil = Timestamp.zero

  /// - Parameters:
  ///   - recorded: what to play.
  ///   - phase: which packet of the silence comes first, so that calls do not all send the same at once.
  package init(recorded: RecordedCaller, phase: Int = 0) {
    self.recorded = recorded
    policy = CallerPolicy(plan: recorded.plan)
    idlePacket = phase % recorded.idle.packetCount
  }

  // MARK: - The agent

  /// A packet of the agent arrived.
  package mutating func receivePacket(isLast: Bool, at now: Timestamp) -> TurnEnd? {
    noteEnd(by: now)
    if playout.isInUtterance, now - playout.playedUntil > Self.gapMax { gaps += 1 }
    let (start, begins) = playout.receive(isLast: isLast, at: now)
    return begins ? agentBegan(at: start) : nil
  }

  private mutating func agentBegan(at start: Timestamp) -> TurnEnd? {
    policy.agentBegan(at: start)
    return answer(at: start)
  }

  /// Ends the wait for an answer, if the caller waits for one.
  private mutating func answer(at now: Timestamp) -> TurnEnd? {
    guard let waiting else { return nil }
    // In the middle of the caller's turn: what is said then is no answer to it.
    guard now > waiting.since else {
      self.waiting?.isOverrun = true
      return nil
    }
    self.waiting = nil
    return waiting.isOverrun ? .overrun : .answered(now - waiting.since)
  }

  /// The agent was stopped.
  package mutating func clear(at now: Timestamp) {
    noteEnd(by: now)
    if playout.clear(at: now) { policy.agentCut(at: now) }
  }

  /// What the agent is saying; needed only where `RecordedCaller.followsWords`.
  package mutating func agentSays(_ text: String) { policy.agentSays(text) }

  /// What was heard of an agent that announces nothing, in the 20 ms from `start` on.
  package mutating func receive(_ news: AgentHearing.News, at start: Timestamp) -> TurnEnd? {
    switch news {
    case .nothing: return nil
    case .fellSilent(let end):
      policy.agentFellSilent(since: end)
      return nil
    case .began, .sounds:
      let gap = start - soundUntil
      soundUntil = start + .milliseconds(20)
      defer { policy.agentSounds(until: soundUntil + AgentHearing.wordGap) }
      if news == .began { return agentBegan(at: start) }
      // One that fell silent while the caller spoke answers with its next sound, however short its silence was.
      return gap >= AgentHearing.wordGap ? answer(at: start) : nil
    }
  }

  /// An agent that is heard told that its utterance is over, and all of it was played.
  package mutating func agentFinished(at now: Timestamp) { policy.agentEnded(at: now) }

  /// The agent had what was not played of it dropped.
  package mutating func agentCut(_ news: AgentHearing.News, at now: Timestamp) {
    switch news {
    case .sounds: policy.agentCut(at: now)
    case .fellSilent(let end): policy.agentFellSilent(since: end)
    case .began, .nothing: break
    }
  }

  /// The server ended the call.
  package mutating func callEnded(at now: Timestamp) { policy.callEnded(at: now) }

  private mutating func noteEnd(by now: Timestamp) {
    if let end = playout.endedUtterance(by: now) { policy.agentEnded(at: end) }
  }

  // MARK: - The caller

  /// Sends the 20 ms that end at `now`, then decides what comes next.
  /// - Parameters:
  ///   - now: 20 ms after the last one, whatever the clock on the wall says.
  ///   - send: one packet, valid during the call.
  /// - Returns: what to do besides, and what became of the turn before where that is known now.
  package mutating func step(at now: Timestamp, send: (UnsafeRawBufferPointer) -> Void) -> (CallerCommand, TurnEnd?) {
    play(send)
    noteEnd(by: now)
    let command = policy.tick(at: now)
    var end: TurnEnd?
    let acts = policy.acts
    if acts.count > actsBegun || command == .hangUp { end = giveUpWaiting(at: now) }
    if acts.count > actsBegun, let act = acts.last { begin(act.turn - 1, at: now) }
    if case .press = command { waiting = (now, false) }
    return (command, end)
  }

  private mutating func play(_ send: (UnsafeRawBufferPointer) -> Void) {
    if let (turn, packet) = playing, let speech = recorded.turns[turn] {
      speech.withPacket(packet, send)
      playing = packet + 1 < speech.packetCount ? (turn, packet + 1) : nil
    } else {
      recorded.idle.withPacket(idlePacket, send)
      idlePacket = idlePacket + 1 < recorded.idle.packetCount ? idlePacket + 1 : 0
    }
  }

  private mutating func begin(_ turn: Int, at now: Timestamp) {
    actsBegun += 1
    switch recorded.plan.turns[turn].turn.action {
    case .say, .play, .answerAsMachine:
      playing = (turn, 0)
      waiting = (now + recorded.speechEnds[turn], false)
    case .backchannel, .hold: playing = (turn, 0)
    case .press, .staySilent, .hangUp: break
    }
  }

  /// The caller goes on although no answer came.
  private mutating func giveUpWaiting(at now: Timestamp) -> TurnEnd? {
    guard let waiting else { return nil }
    self.waiting = nil
    if now - waiting.since >= recorded.testCase.caller.patience { return .missed(now - waiting.since) }
    // It was answered all the same: the agent talked on over the caller's last word.
    return .overrun
  }
}
