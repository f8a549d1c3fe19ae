import CallCore
import CallDriver
import Wires
import LoadTest
import Simulation
import Testing

@Suite("A caller who plays a tape")
struct ReplayedCallerTests {
  typealias TurnEnd = ReplayedCaller.TurnEnd

  /// A tape of packets that say which turn and packet they are: turn 0 is silence.
  static func recorded(_ turns: [TestTurn]) -> RecordedCaller {
    var testCase = TestCase(id: "tape", agent: TestAgent(flow: "any"), turns: turns)
    testCase.caller.patience = .seconds(4)
    var plan = CallerPlanner.silentPlan(for: testCase, seed: 1)
    let lengths = turns.map { _ in CallDuration.milliseconds(500) }
    for index in plan.turns.indices where plan.turns[index].duration > .zero {
      plan.turns[index].duration = lengths[index]
    }
    let speech = turns.enumerated().map { index, turn -> EncodedSpeech? in
      if case .say = turn.action { marked(UInt8(index + 1), packets: 26) } else { nil }
    }
    return RecordedCaller(
      plan: plan, request: StartRequest(flow: "any"), idle: marked(0, packets: 50), turns: speech,
      speechEnds: turns.map { _ in .milliseconds(470) })
  }

  private static func marked(_ mark: UInt8, packets: Int) -> EncodedSpeech {
    EncodedSpeech(
      bytes: (0..<packets).flatMap { [mark, UInt8($0)] }, packetEnds: (1...packets).map { Int32($0 * 2) })
  }

  /// A call against an agent that says what the test wants, in virtual time.
  struct Call {
    var caller: ReplayedCaller
    var now = Timestamp.zero
    var sent: [[UInt8]] = []
    var ends: [TurnEnd] = []
    var commands: [CallerCommand] = []

    init(_ turns: [TestTurn]) { caller = ReplayedCaller(recorded: ReplayedCallerTests.recorded(turns)) }

    /// The agent tells what it says.
    mutating func agentSays(_ text: String) { caller.agentSays(text) }

    /// Lets time pass.
    mutating func pass(_ span: CallDuration) {
      for _ in 0..<(span.milliseconds / 20) {
        now = now + .milliseconds(20)
        let (command, end) = caller.step(at: now) { sent.append(Array($0)) }
        if command != .nothing { commands.append(command) }
        if let end { ends.append(end) }
      }
    }

    /// The agent speaks for so many packets; one more step of time for each.
    mutating func agentSpeaks(packets: Int, isCut: Bool = false) {
      for packet in 1...packets {
        if let end = caller.receivePacket(isLast: packet == packets && !isCut, at: now + .milliseconds(3)) {
          ends.append(end)
        }
        pass(.milliseconds(20))
      }
    }

    /// The agent is heard in so many frames, and then for so long not that its utterance is over.
    mutating func agentSounds(frames: Int, isNew: Bool = true) {
      for frame in 0..<frames {
        let news = isNew && frame == 0 ? AgentHearing.News.began : .sounds(until: now + .milliseconds(20))
        if let end = caller.receive(news, at: now) { ends.append(end) }
        pass(.milliseconds(20))
      }
      guard isNew else { return }
      let end = now
      _ = caller.receive(.fellSilent(since: end), at: now)
    }

    /// Until the caller has said all of its turn.
    mutating func speakOut() {
      let before = sent.count
      while sent.last?.first == 0 || sent.isEmpty { pass(.milliseconds(20)) }
      while sent.last?.first != 0 { pass(.milliseconds(20)) }
      precondition(sent.count > before, "the caller spoke")
    }
  }

  static let say = TestTurn(number: 1, action: .say([.words("Hello there.")]))
  static let sayAgain = TestTurn(number: 2, action: .say([.words("Hello again.")]))

  @Test("is silent until the agent has spoken, answers 300 ms later, and plays each packet once, in order")
  func plays() {
    var call = Call([Self.say])
    call.pass(.milliseconds(200))
    #expect(call.sent.allSatisfy { $0.first == 0 })
    call.agentSpeaks(packets: 10)
    let before = call.sent.count
    call.speakOut()
    // The last packet is heard 23 ms after it was sent, then 300 ms pass, rounded up to the next frame.
    let silence = call.sent[before...].prefix { $0.first == 0 }.count
    #expect((15...17).contains(silence))
    let spoken = call.sent.filter { $0.first == 1 }
    #expect(spoken == (0..<26).map { [1, UInt8($0)] })
  }

  @Test("turn latency: from the end of the last sound to the first packet of the reply, exactly")
  func latency() {
    var call = Call([Self.say])
    call.agentSpeaks(packets: 5)
    while call.sent.last?.first != 1 { call.pass(.milliseconds(20)) }
    // The packet of the first 20 ms was sent at their end. The last sound ends 470 ms after their beginning.
    let lastSound = call.now - .milliseconds(20) + .milliseconds(470)
    call.pass(.milliseconds(1000))
    call.agentSpeaks(packets: 5)
    let reply = call.now - .milliseconds(100) + .milliseconds(3)
    #expect(call.ends == [.answered(reply - lastSound)])
  }

  @Test("the second packet of a reply is no second answer, and a greeting is none")
  func once() {
    var call = Call([Self.say, Self.sayAgain])
    call.agentSpeaks(packets: 5)
    #expect(call.ends.isEmpty)
    call.speakOut()
    call.pass(.milliseconds(600))
    call.agentSpeaks(packets: 20)
    call.speakOut()
    call.pass(.milliseconds(700))
    call.agentSpeaks(packets: 20)
    #expect(call.ends.count == 2)
    #expect(call.ends.allSatisfy { if case .answered = $0 { true } else { false } })
  }

  @Test("a turn that the agent asks for again is played again, and each time waits for its answer")
  func askedAgain() {
    var turn = Self.say
    turn.againWhen = ["once more"]
    var call = Call([turn, Self.sayAgain])
    call.agentSpeaks(packets: 5)
    call.speakOut()
    call.pass(.milliseconds(600))
    call.agentSays("Sorry, once more please.")
    call.agentSpeaks(packets: 20)
    call.speakOut()
    call.pass(.milliseconds(600))
    call.agentSays("Thank you.")
    call.agentSpeaks(packets: 20)
    call.speakOut()
    let spoken = call.sent.compactMap(\.first).filter { $0 > 0 }
    #expect(spoken == Array(repeating: 1, count: 52) + Array(repeating: 2, count: 26))
    #expect(call.ends.count == 2)
    #expect(call.ends.allSatisfy { if case .answered = $0 { true } else { false } })
  }

  @Test("no answer: the turn is missed after the caller's patience, with the time waited")
  func missed() {
    var call = Call([Self.say, Self.sayAgain])
    call.agentSpeaks(packets: 5)
    call.speakOut()
    call.pass(.seconds(5))
    #expect(call.ends.count == 1)
    guard case .missed(let wait)? = call.ends.first else {
      Issue.record("the turn counts as \(call.ends)")
      return
    }
    // The patience of 4 s counts from the end of what is said, 30 ms after the last sound.
    #expect((4_000...4_080).contains(wait.milliseconds))
    // The caller speaks again, is not answered either, and hangs up.
    call.pass(.seconds(6))
    #expect(call.commands == [.hangUp])
    #expect(call.ends.count == 2)
  }

  @Test(
    "an agent that announces nothing: its first sound after the caller's last word is the answer, and silence its end")
  func heard() {
    var call = Call([Self.say])
    call.agentSounds(frames: 10)
    call.speakOut()
    let lastSound = call.now - .milliseconds(60)  // the 26th packet, and one of silence; 470 of 500 ms sound
    call.pass(.milliseconds(400))
    let reply = call.now
    call.agentSounds(frames: 5)
    #expect(call.ends.count == 1)
    guard case .answered(let wait)? = call.ends.first else {
      Issue.record("the turn counts as \(call.ends)")
      return
    }
    #expect(abs((wait - (reply - lastSound)).milliseconds) <= 20)
    call.pass(.seconds(3))
    #expect(call.commands == [.hangUp])
  }

  @Test(
    "an agent that falls silent for 200 ms while the caller speaks answers with its next sound; one that talks on does not"
  )
  func resumed() {
    for (frames, answers) in [(5, true), (40, false)] {
      var call = Call([TestTurn(number: 1, cue: .overAgent(after: .milliseconds(100)), action: Self.say.action)])
      call.agentSounds(frames: 10)
      // No pause that ends its utterance lies between what is heard over the caller's word and what comes behind it.
      for _ in 0..<frames { call.agentSounds(frames: 1, isNew: false) }
      while call.sent.last?.first != 0 { call.pass(.milliseconds(20)) }
      if answers { call.pass(.milliseconds(220)) }
      call.agentSounds(frames: 1, isNew: false)
      #expect(call.ends.isEmpty != answers, "\(frames): \(call.ends)")
    }
  }

  @Test("an agent that begins before the caller is done gives no latency")
  func overrun() {
    var call = Call([Self.say, Self.sayAgain])
    call.agentSpeaks(packets: 5)
    while call.sent.last?.first != 1 { call.pass(.milliseconds(20)) }
    call.agentSpeaks(packets: 60)
    call.pass(.milliseconds(600))
    #expect(call.ends == [.overrun])
  }

  @Test("a turn over the agent's voice is answered by what comes after it was cut off")
  func interrupts() {
    let turn = TestTurn(number: 1, cue: .overAgent(after: .milliseconds(200)), action: Self.say.action)
    var call = Call([turn])
    call.agentSpeaks(packets: 20, isCut: true)
    #expect(call.sent.last?.first == 1)
    call.caller.clear(at: call.now)
    call.pass(.seconds(1))
    call.agentSpeaks(packets: 3)
    #expect(call.ends.count == 1)
    guard case .answered? = call.ends.first else {
      Issue.record("the turn counts as \(call.ends)")
      return
    }
  }

  @Test("keys are pressed in order, and the wait counts from the last")
  func keys() {
    let keys = "47".compactMap(Key.init)
    var call = Call([TestTurn(number: 1, action: .press(keys))])
    call.agentSpeaks(packets: 5)
    call.pass(.seconds(1))
    #expect(call.commands == keys.map(CallerCommand.press))
    call.agentSpeaks(packets: 5)
    guard case .answered(let wait)? = call.ends.first else {
      Issue.record("the turn counts as \(call.ends)")
      return
    }
    #expect((300...700).contains(wait.milliseconds))
  }

  @Test("a hole of over 20 ms inside an utterance is a gap, one between utterances is not")
  func gaps() {
    var call = Call([Self.say])
    call.agentSpeaks(packets: 5)
    call.pass(.milliseconds(200))
    #expect(call.caller.gaps == 0)
    call.agentSpeaks(packets: 5, isCut: true)
    call.pass(.milliseconds(60))
    call.agentSpeaks(packets: 5)
    #expect(call.caller.gaps == 1)
  }

  @Test("two callers of one tape do not begin with the same packet of silence")
  func phases() {
    let recorded = Self.recorded([Self.say])
    let first = (0..<4).map { phase -> [UInt8] in
      var caller = ReplayedCaller(recorded: recorded, phase: phase * 7)
      var packet: [UInt8] = []
      _ = caller.step(at: .zero + .milliseconds(20)) { packet = Array($0) }
      return packet
    }
    #expect(Set(first).count == 4)
  }
}
