import CallCore
import CallDriver
import Testing

@Suite("The agent's audio")
struct AgentAudioTests {
  typealias Sent = SessionHarness.Sent

  @Test("three packets leave at once and then one every 20 ms, each before it is due")
  func pace() throws {
    let harness = try SessionHarness(saying: ["Hello."])
    harness.pass(.milliseconds(100))
    harness.deliver(1, 0, SessionHarness.speech(packets: 6))
    #expect(harness.sent.map(\.at) == [100, 100, 100])
    harness.pass(.milliseconds(60))
    #expect(
      harness.sent == [
        Sent(number: 0, at: 100, due: 100, isLast: false, value: 1),
        Sent(number: 1, at: 100, due: 120, isLast: false, value: 2),
        Sent(number: 2, at: 100, due: 140, isLast: false, value: 3),
        Sent(number: 3, at: 120, due: 160, isLast: false, value: 4),
        Sent(number: 4, at: 140, due: 180, isLast: false, value: 5),
        Sent(number: 5, at: 160, due: 200, isLast: true, value: 6),
      ])
    #expect(harness.phase == "speaking")
    harness.pass(.milliseconds(40))
    #expect(harness.phase == "speaking")
    harness.pass(.milliseconds(20))
    #expect(harness.phase == "waiting")
    #expect(harness.sent.count == 6)
    #expect(harness.session.sentPackets == (6, 0))
  }

  @Test("a longer lead sends more at once, 200 ms at most")
  func lead() throws {
    for (lead, atOnce) in [(0, 1), (160, 9), (1000, 11)] {
      let harness = try SessionHarness(saying: ["Hello."]) { $0.agentLead = .milliseconds(lead) }
      harness.pass(.milliseconds(100))
      harness.deliver(1, 0, SessionHarness.speech(packets: 20))
      #expect(harness.sent.map(\.at) == [Int](repeating: 100, count: atOnce))
      harness.pass(.milliseconds(400))
      #expect(harness.sent.count == 20 && harness.session.sentPackets == (20, 0))
    }
  }

  /// Listens behind one sentence, and pauses for speech over it.
  private struct PausingFlow: AgentFlow {
    let currentState = "talk"
    let slots: [String: String] = [:]
    let interruptRule = InterruptRule.whenWords

    mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
      if input == .begin { outputs.append(.say("Hello.", interruptible: true)) }
      outputs.append(.listen(ListenOptions()))
    }
  }

  @Test(
    "a pause sends nothing, and what follows it is every packet behind it, once; with a longer lead what was sent plays on",
    arguments: [40, 200])
  func pause(lead: Int) throws {
    let harness = try SessionHarness(flow: PausingFlow()) { $0.agentLead = .milliseconds(lead) }
    harness.hear(0, packets: 10)
    harness.deliver(1, 0, SessionHarness.speech(packets: 100))
    harness.hear(0, packets: 10)
    harness.hear(SessionHarness.loud, packets: 11)
    let before = harness.sent.count
    #expect(harness.reports.contains { if case .agentPaused = $0 { true } else { false } })
    harness.hear(SessionHarness.loud, packets: 10)
    #expect(harness.sent.count == before && harness.phase == "speaking")
    // The recogniser hears a back-channel, which takes the interruption back.
    var answered = 0
    for _ in 0..<15 {
      harness.hear(0, packets: 10)
      for turn in harness.turns.dropFirst(answered) {
        harness.session.deliver(.words(turn.request, .success("Uh-huh.")), at: harness.now)
        answered += 1
      }
    }
    #expect(answered > 0)
    #expect(harness.sent.map(\.value) == (1...100).map { Int16($0) } && harness.phase == "waiting")
    // In the order in which they are due, 20 ms apart but for the pause, which the lead shortens for the caller.
    let gaps = zip(harness.sent, harness.sent.dropFirst()).map { $1.due - $0.due }.filter { $0 != 20 }
    #expect(gaps.count == 1 && gaps[0] > 20 && gaps[0] <= 440)
    let call = try harness.hangUp()
    #expect(call.record.transcript.first?.heard == .seconds(2) && call.record.interruptionsTakenBack.count == 1)
    #expect(call.record.turns == 0)
  }

  @Test(
    "an utterance that comes in parts: its last packet waits until it is known to be the last, and a gap is no lateness"
  )
  func parts() throws {
    let harness = try SessionHarness(flow: ModelledFlow())
    func model(_ event: ModelEvent) { harness.session.deliver(.model(RequestID(1), event), at: harness.now) }
    model(.delta(.text("One. Two")))
    harness.deliver(1, 0, SessionHarness.speech(packets: 6))
    harness.pass(.milliseconds(400))
    #expect(harness.sent.count == 5 && harness.phase == "speaking", "the sixth is kept back")
    model(.delta(.text(". Three")))
    harness.pass(.milliseconds(200))
    #expect(harness.sent.count == 6)
    harness.deliver(1, 1, SessionHarness.speech(packets: 3))
    harness.pass(.milliseconds(400))
    #expect(harness.sent.count == 8 && harness.phase == "speaking")
    #expect(harness.session.usage.answerTokens == 2, "a token for each piece, until the usage is told")
    model(.delta(.usage(ModelUsage(promptTokens: 20, answerTokens: 4))))
    model(.finished(model: "any"))
    harness.deliver(1, 2, SessionHarness.speech(packets: 2))
    harness.pass(.milliseconds(200))
    #expect(harness.sent.map(\.isLast) == [Bool](repeating: false, count: 10) + [true])
    #expect(harness.phase == "waiting" && harness.session.sentPackets == (11, 0))
    let usage = harness.session.usage
    #expect((usage.modelRequests, usage.promptTokens, usage.answerTokens) == (1, 20, 4))
    #expect(harness.sentences.map(\.text) == ["One.", "Two.", "Three"])
  }

  @Test("a sentence that cannot be made ends the utterance; what the language model says then is one of its own")
  func failedPart() throws {
    let harness = try SessionHarness(flow: ModelledFlow())
    func model(_ event: ModelEvent) { harness.session.deliver(.model(RequestID(1), event), at: harness.now) }
    model(.delta(.text("One. Two. Three")))
    harness.deliver(1, 0, SessionHarness.speech(packets: 3))
    harness.fail(1, 1)
    harness.pass(.milliseconds(200))
    #expect(harness.phase == "thinking" && harness.sent.count == 3)
    model(.delta(.text(". ")))
    model(.finished(model: "any"))
    harness.deliver(2, 0, SessionHarness.speech(packets: 2))
    harness.pass(.milliseconds(200))
    #expect(harness.sent.count == 5 && harness.phase == "waiting")
  }

  @Test("a silent agent has nothing made, and its words count as said at once")
  func silent() throws {
    let harness = try SessionHarness(saying: ["One. Two.", "Fine."]) { $0.isAgentSilent = true }
    harness.pass(.milliseconds(40))
    #expect(harness.phase == "waiting" && harness.sentences.isEmpty && harness.sent.isEmpty)
    harness.session.handle(.typed("how are you"), at: harness.now)
    harness.pass(.milliseconds(40))
    harness.session.handle(.hungUp, at: harness.now)
    let record = try #require(harness.ended.first?.record)
    let agent = record.transcript.filter { $0.role == .agent }
    #expect(agent.map(\.playedText) == ["One. Two.", "Fine."] && agent.allSatisfy { $0.heard == .zero })
    #expect(record.turnLatencies.map(\.total) == [.zero])
    #expect(harness.session.usage.synthesizedCharacters == 0)
  }

  @Test("the next utterance goes on counting")
  func numbers() throws {
    let harness = try SessionHarness(saying: ["Hello.", "Fine."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 2))
    harness.pass(.milliseconds(40))
    harness.session.handle(.typed("how are you"), at: harness.now)
    harness.deliver(2, 0, SessionHarness.speech(packets: 2, from: 50))
    #expect(harness.sent.map(\.number) == [0, 1, 2, 3])
    #expect(harness.sent.map(\.value) == [1, 2, 50, 51])
    #expect(harness.sent.map(\.isLast) == [false, true, false, true])
  }

  @Test("the first sentence is urgent, the others are not; one that is ready is not asked for")
  func questions() throws {
    let harness = try SessionHarness()
    harness.ready["Two."] = SessionHarness.speech(packets: 1, from: 20)
    harness.session.handle(.hungUp, at: harness.now)
    let other = try SessionHarness(saying: ["One. Two. Three."])
    #expect(other.sentences.map(\.text) == ["One.", "Two.", "Three."])
    #expect(other.sentences.map(\.isUrgent) == [true, false, false])
  }

  @Test("what the cache holds is played at once")
  func cached() throws {
    let harness = try SessionHarness(saying: ["Hello.", "Fine. And you?"])
    harness.deliver(1, 0, SessionHarness.speech(packets: 1))
    harness.pass(.milliseconds(20))
    harness.ready["Fine."] = SessionHarness.speech(packets: 4, from: 20)
    harness.session.handle(.typed("how are you"), at: harness.now)
    #expect(harness.sent.map(\.value) == [1, 20, 21, 22])
    #expect(harness.sentences.map(\.text) == ["Hello.", "And you?"])
    #expect(harness.sentences.map(\.isUrgent) == [true, false])
  }

  @Test("sentences are played in their order, whichever is made first")
  func order() throws {
    let harness = try SessionHarness(saying: ["One. Two. Three."])
    harness.deliver(1, 2, SessionHarness.speech(packets: 1, from: 30))
    harness.deliver(1, 1, SessionHarness.speech(packets: 2, from: 20))
    #expect(harness.sent.isEmpty)
    harness.deliver(1, 0, SessionHarness.speech(packets: 2, from: 10))
    harness.pass(.milliseconds(100))
    #expect(harness.sent.map(\.value) == [10, 11, 20, 21, 30])
    #expect(harness.sent.map(\.due) == [0, 20, 40, 60, 80])
    #expect(harness.sent.map(\.isLast) == [false, false, false, false, true])
  }

  @Test("a sentence that is made late is played when it is there, and the utterance ends that much later")
  func lateSentence() throws {
    let harness = try SessionHarness(saying: ["One. Two."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 5, from: 10))
    harness.pass(.milliseconds(400))
    #expect(harness.phase == "speaking")
    harness.deliver(1, 1, SessionHarness.speech(packets: 2, from: 20))
    #expect(harness.sent.suffix(2).map(\.due) == [400, 420])
    harness.pass(.milliseconds(20))
    #expect(harness.phase == "speaking")
    harness.pass(.milliseconds(20))
    #expect(harness.phase == "waiting")
    let call = try harness.hangUp()
    #expect(call.recording?.agent.positions == [0, 320, 640, 960, 1280, 6400, 6720])
    #expect(harness.session.sentPackets == (7, 0))
  }

  @Test("a full connection is offered the same packet again, and no more than three in one go")
  func fullConnection() throws {
    let harness = try SessionHarness(saying: ["Hello."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 10))
    harness.isFull = true
    harness.pass(.milliseconds(160))
    #expect(harness.sent.count == 3)
    harness.isFull = false
    harness.pass(.milliseconds(60))
    // Those due at 60 to 200 follow; they keep their instants, since they are less than 200 ms late.
    #expect(harness.sent.dropFirst(3).map(\.at) == [180, 180, 180, 200, 200, 200, 220])
    #expect(harness.sent.map(\.due) == (0..<10).map { $0 * 20 })
    #expect(harness.sent.map(\.number) == Array(0..<10))
    #expect(harness.sent.map(\.value) == Array(1...10))
    // At 180: those of 60, 80 and 100; at 200: those of 120, 140 and 160; at 220: that of 180, 40 ms late.
    #expect(harness.session.sentPackets == (10, 7))
  }

  @Test("after a long stop of the connection the rest moves on instead of being hurried after")
  func longStop() throws {
    let harness = try SessionHarness(saying: ["Hello."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 6))
    harness.isFull = true
    harness.pass(.milliseconds(500))
    harness.isFull = false
    harness.pass(.milliseconds(20))
    #expect(harness.sent.dropFirst(3).map(\.due) == [520, 540, 560])
    let call = try harness.hangUp()
    #expect(call.recording?.agent.positions == [0, 320, 640])
  }

  @Test("an utterance has not begun while the connection takes nothing of it")
  func fullAtStart() throws {
    let harness = try SessionHarness(saying: ["Hello."])
    harness.isFull = true
    harness.deliver(1, 0, SessionHarness.speech(packets: 4))
    harness.pass(.milliseconds(300))
    #expect(harness.phase == "preparing")
    #expect(harness.reports.isEmpty)
    harness.isFull = false
    harness.pass(.milliseconds(20))
    #expect(harness.phase == "speaking")
    #expect(harness.sent.map(\.due) == [320, 340, 360])
  }

  @Test("a sentence without a sound is over at once")
  func emptySentence() throws {
    let harness = try SessionHarness(saying: ["Hm."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 0))
    harness.pass(.milliseconds(40))
    #expect(harness.phase == "waiting")
    #expect(harness.sent.isEmpty)
  }

  @Test("a sentence without a sound does not hold up the next")
  func emptyFirstSentence() throws {
    let harness = try SessionHarness(saying: ["Hm. Yes."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 0))
    harness.pass(.milliseconds(100))
    harness.deliver(1, 1, SessionHarness.speech(packets: 2, from: 20))
    #expect(harness.sent.map(\.due) == [100, 120])
    harness.pass(.milliseconds(60))
    #expect(harness.phase == "waiting")
  }

  @Test("what was heard of a cut utterance is what was due, not what was sent", arguments: [20, 500, 990])
  func stopped(after milliseconds: Int) throws {
    let harness = try SessionHarness(saying: ["One two three four."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 50))
    harness.pass(.milliseconds(milliseconds))
    harness.session.handle(.typed("stop"), at: harness.now)
    let heard = (milliseconds + 19) / 20 * 20
    let entry = harness.reports.compactMap { if case .agentInterrupted(let entry) = $0 { entry } else { nil } }.first
    #expect(entry?.heard == .milliseconds(heard))
    #expect(harness.reports.contains(.clear(UtteranceID(1))))
    let count = harness.sent.count
    harness.pass(.seconds(1))
    #expect(harness.sent.count == count)
    #expect(try harness.hangUp().recording?.agent.packetCount == heard / 20)
  }

  @Test("what comes for an utterance that was stopped is not played")
  func lateAnswer() throws {
    let harness = try SessionHarness(saying: ["One. Two.", "Three."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 10))
    harness.session.handle(.typed("stop"), at: harness.now)
    let count = harness.sent.count
    harness.deliver(1, 1, SessionHarness.speech(packets: 10, from: 90))
    harness.deliver(1, 0, SessionHarness.speech(packets: 10, from: 90))
    harness.fail(1, 1)
    harness.pass(.milliseconds(100))
    #expect(harness.sent.count == count)
    #expect(harness.phase == "preparing")
    harness.deliver(2, 0, SessionHarness.speech(packets: 1, from: 30))
    #expect(harness.sent.last?.value == 30)
  }

  @Test("answers that were never asked for are not played", arguments: [(1, 1), (1, -1), (2, 0), (99, 0)])
  func strangeAnswer(utterance: Int, index: Int) throws {
    let harness = try SessionHarness(saying: ["Hello."])
    harness.deliver(utterance, index, SessionHarness.speech(packets: 5, from: 90))
    harness.pass(.milliseconds(100))
    #expect(harness.sent.isEmpty)
    #expect(harness.phase == "preparing")
  }

  @Test("a sentence that is answered twice is played once")
  func answeredTwice() throws {
    let harness = try SessionHarness(saying: ["One. Two."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 2, from: 10))
    harness.deliver(1, 0, SessionHarness.speech(packets: 2, from: 90))
    harness.deliver(1, 1, SessionHarness.speech(packets: 2, from: 20))
    harness.pass(.milliseconds(100))
    #expect(harness.sent.map(\.value) == [10, 11, 20, 21])
  }

  @Test("a sentence that cannot be spoken ends the utterance after those that can")
  func failedSentence() throws {
    let harness = try SessionHarness(saying: ["One. Two."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 4, from: 10))
    harness.fail(1, 1)
    harness.pass(.milliseconds(100))
    #expect(harness.sent.map(\.value) == [10, 11, 12, 13])
    #expect(harness.phase == "waiting")
    let entry = harness.reports.compactMap { if case .agentFinished(let entry) = $0 { entry } else { nil } }.first
    #expect(entry?.playedText == "One.")
  }

  @Test("words for a request that is over change nothing")
  func lateWords() throws {
    let harness = try SessionHarness(saying: ["Hello.", "Never."])
    harness.deliver(1, 0, SessionHarness.speech(packets: 1))
    harness.pass(.milliseconds(40))
    harness.session.deliver(.words(RequestID(99), .success("hello")), at: harness.now)
    harness.session.deliver(.words(RequestID(99), .failure(.timedOut(limit: .zero))), at: harness.now)
    harness.session.deliver(.tool(RequestID(99), .failed("late")), at: harness.now)
    #expect(harness.phase == "waiting")
    #expect(harness.sentences.count == 1)
    _ = try harness.hangUp()
    harness.deliver(1, 0, SessionHarness.speech(packets: 9, from: 90))
    harness.pass(.milliseconds(100))
    #expect(harness.sent.count == 1)
    #expect(harness.ended.count == 1)
  }
}

/// A flow that has a language model say everything.
private struct ModelledFlow: AgentFlow {
  var currentState: String { "talk" }
  var slots: [String: String] { [:] }
  var modelRequest: ModelRequest? { ModelRequest([.user("Talk.")]) }

  mutating func handle(_ input: FlowInput, into outputs: inout [FlowOutput]) {
    outputs.append(input == .begin ? .askModel : .listen(ListenOptions()))
  }
}
