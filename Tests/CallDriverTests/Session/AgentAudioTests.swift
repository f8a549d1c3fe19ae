import CallCore
import CallDriver
import Testing

@Suite("The agent's audio")
struct AgentAudioTests {
  typealias Sent = SessionBench.Sent

  @Test("three packets leave at once and then one every 20 ms, each before it is due")
  func pace() throws {
    let bench = try SessionBench(saying: ["Hello."])
    bench.pass(.milliseconds(100))
    bench.answer(1, 0, SessionBench.speech(packets: 6))
    #expect(bench.sent.map(\.at) == [100, 100, 100])
    bench.pass(.milliseconds(60))
    #expect(
      bench.sent == [
        Sent(number: 0, at: 100, due: 100, isLast: false, value: 1),
        Sent(number: 1, at: 100, due: 120, isLast: false, value: 2),
        Sent(number: 2, at: 100, due: 140, isLast: false, value: 3),
        Sent(number: 3, at: 120, due: 160, isLast: false, value: 4),
        Sent(number: 4, at: 140, due: 180, isLast: false, value: 5),
        Sent(number: 5, at: 160, due: 200, isLast: true, value: 6),
      ])
    #expect(bench.phase == "speaking")
    bench.pass(.milliseconds(40))
    #expect(bench.phase == "speaking")
    bench.pass(.milliseconds(20))
    #expect(bench.phase == "waiting")
    #expect(bench.sent.count == 6)
    #expect(bench.session.sentPackets == (6, 0))
  }

  @Test("the next utterance goes on counting")
  func numbers() throws {
    let bench = try SessionBench(saying: ["Hello.", "Fine."])
    bench.answer(1, 0, SessionBench.speech(packets: 2))
    bench.pass(.milliseconds(40))
    bench.session.handle(.typed("how are you"), at: bench.now)
    bench.answer(2, 0, SessionBench.speech(packets: 2, from: 50))
    #expect(bench.sent.map(\.number) == [0, 1, 2, 3])
    #expect(bench.sent.map(\.value) == [1, 2, 50, 51])
    #expect(bench.sent.map(\.isLast) == [false, true, false, true])
  }

  @Test("the first sentence is urgent, the others are not; one that is ready is not asked for")
  func questions() throws {
    let bench = try SessionBench()
    bench.ready["Two."] = SessionBench.speech(packets: 1, from: 20)
    bench.session.handle(.hungUp, at: bench.now)
    let other = try SessionBench(saying: ["One. Two. Three."])
    #expect(other.sentences.map(\.text) == ["One.", "Two.", "Three."])
    #expect(other.sentences.map(\.isUrgent) == [true, false, false])
  }

  @Test("what the cache holds is played at once")
  func cached() throws {
    let bench = try SessionBench(saying: ["Hello.", "Fine. And you?"])
    bench.answer(1, 0, SessionBench.speech(packets: 1))
    bench.pass(.milliseconds(20))
    bench.ready["Fine."] = SessionBench.speech(packets: 4, from: 20)
    bench.session.handle(.typed("how are you"), at: bench.now)
    #expect(bench.sent.map(\.value) == [1, 20, 21, 22])
    #expect(bench.sentences.map(\.text) == ["Hello.", "And you?"])
    #expect(bench.sentences.map(\.isUrgent) == [true, false])
  }

  @Test("sentences are played in their order, whichever is made first")
  func order() throws {
    let bench = try SessionBench(saying: ["One. Two. Three."])
    bench.answer(1, 2, SessionBench.speech(packets: 1, from: 30))
    bench.answer(1, 1, SessionBench.speech(packets: 2, from: 20))
    #expect(bench.sent.isEmpty)
    bench.answer(1, 0, SessionBench.speech(packets: 2, from: 10))
    bench.pass(.milliseconds(100))
    #expect(bench.sent.map(\.value) == [10, 11, 20, 21, 30])
    #expect(bench.sent.map(\.due) == [0, 20, 40, 60, 80])
    #expect(bench.sent.map(\.isLast) == [false, false, false, false, true])
  }

  @Test("a sentence that is made late is played when it is there, and the utterance ends that much later")
  func lateSentence() throws {
    let bench = try SessionBench(saying: ["One. Two."])
    bench.answer(1, 0, SessionBench.speech(packets: 5, from: 10))
    bench.pass(.milliseconds(400))
    #expect(bench.phase == "speaking")
    bench.answer(1, 1, SessionBench.speech(packets: 2, from: 20))
    #expect(bench.sent.suffix(2).map(\.due) == [400, 420])
    bench.pass(.milliseconds(20))
    #expect(bench.phase == "speaking")
    bench.pass(.milliseconds(20))
    #expect(bench.phase == "waiting")
    let call = try bench.hangUp()
    #expect(call.recording?.agent.positions == [0, 320, 640, 960, 1280, 6400, 6720])
    #expect(bench.session.sentPackets == (7, 0))
  }

  @Test("a full connection is offered the same packet again, and no more than three in one go")
  func fullConnection() throws {
    let bench = try SessionBench(saying: ["Hello."])
    bench.answer(1, 0, SessionBench.speech(packets: 10))
    bench.isFull = true
    bench.pass(.milliseconds(160))
    #expect(bench.sent.count == 3)
    bench.isFull = false
    bench.pass(.milliseconds(60))
    // Those due at 60 to 200 follow; they keep their instants, since they are less than 200 ms late.
    #expect(bench.sent.dropFirst(3).map(\.at) == [180, 180, 180, 200, 200, 200, 220])
    #expect(bench.sent.map(\.due) == (0..<10).map { $0 * 20 })
    #expect(bench.sent.map(\.number) == Array(0..<10))
    #expect(bench.sent.map(\.value) == Array(1...10))
    // At 180: those of 60, 80 and 100; at 200: those of 120, 140 and 160; at 220: that of 180, 40 ms late.
    #expect(bench.session.sentPackets == (10, 7))
  }

  @Test("after a long stop of the connection the rest moves on instead of being hurried after")
  func longStop() throws {
    let bench = try SessionBench(saying: ["Hello."])
    bench.answer(1, 0, SessionBench.speech(packets: 6))
    bench.isFull = true
    bench.pass(.milliseconds(500))
    bench.isFull = false
    bench.pass(.milliseconds(20))
    #expect(bench.sent.dropFirst(3).map(\.due) == [520, 540, 560])
    let call = try bench.hangUp()
    #expect(call.recording?.agent.positions == [0, 320, 640])
  }

  @Test("an utterance has not begun while the connection takes nothing of it")
  func fullAtStart() throws {
    let bench = try SessionBench(saying: ["Hello."])
    bench.isFull = true
    bench.answer(1, 0, SessionBench.speech(packets: 4))
    bench.pass(.milliseconds(300))
    #expect(bench.phase == "preparing")
    #expect(bench.reports.isEmpty)
    bench.isFull = false
    bench.pass(.milliseconds(20))
    #expect(bench.phase == "speaking")
    #expect(bench.sent.map(\.due) == [320, 340, 360])
  }

  @Test("a sentence without a sound is over at once")
  func emptySentence() throws {
    let bench = try SessionBench(saying: ["Hm."])
    bench.answer(1, 0, SessionBench.speech(packets: 0))
    bench.pass(.milliseconds(40))
    #expect(bench.phase == "waiting")
    #expect(bench.sent.isEmpty)
  }

  @Test("a sentence without a sound does not hold up the next")
  func emptyFirstSentence() throws {
    let bench = try SessionBench(saying: ["Hm. Yes."])
    bench.answer(1, 0, SessionBench.speech(packets: 0))
    bench.pass(.milliseconds(100))
    bench.answer(1, 1, SessionBench.speech(packets: 2, from: 20))
    #expect(bench.sent.map(\.due) == [100, 120])
    bench.pass(.milliseconds(60))
    #expect(bench.phase == "waiting")
  }

  @Test("what was heard of a cut utterance is what was due, not what was sent", arguments: [20, 500, 990])
  func stopped(after milliseconds: Int) throws {
    let bench = try SessionBench(saying: ["One two three four."])
    bench.answer(1, 0, SessionBench.speech(packets: 50))
    bench.pass(.milliseconds(milliseconds))
    bench.session.handle(.typed("stop"), at: bench.now)
    let heard = (milliseconds + 19) / 20 * 20
    let entry = bench.reports.compactMap { if case .agentInterrupted(let entry) = $0 { entry } else { nil } }.first
    #expect(entry?.heard == .milliseconds(heard))
    #expect(bench.reports.contains(.clear(UtteranceID(1))))
    let count = bench.sent.count
    bench.pass(.seconds(1))
    #expect(bench.sent.count == count)
    #expect(try bench.hangUp().recording?.agent.packetCount == heard / 20)
  }

  @Test("what comes for an utterance that was stopped is not played")
  func lateAnswer() throws {
    let bench = try SessionBench(saying: ["One. Two.", "Three."])
    bench.answer(1, 0, SessionBench.speech(packets: 10))
    bench.session.handle(.typed("stop"), at: bench.now)
    let count = bench.sent.count
    bench.answer(1, 1, SessionBench.speech(packets: 10, from: 90))
    bench.answer(1, 0, SessionBench.speech(packets: 10, from: 90))
    bench.fail(1, 1)
    bench.pass(.milliseconds(100))
    #expect(bench.sent.count == count)
    #expect(bench.phase == "preparing")
    bench.answer(2, 0, SessionBench.speech(packets: 1, from: 30))
    #expect(bench.sent.last?.value == 30)
  }

  @Test("answers that were never asked for are not played", arguments: [(1, 1), (1, -1), (2, 0), (99, 0)])
  func strangeAnswer(utterance: Int, index: Int) throws {
    let bench = try SessionBench(saying: ["Hello."])
    bench.answer(utterance, index, SessionBench.speech(packets: 5, from: 90))
    bench.pass(.milliseconds(100))
    #expect(bench.sent.isEmpty)
    #expect(bench.phase == "preparing")
  }

  @Test("a sentence that is answered twice is played once")
  func answeredTwice() throws {
    let bench = try SessionBench(saying: ["One. Two."])
    bench.answer(1, 0, SessionBench.speech(packets: 2, from: 10))
    bench.answer(1, 0, SessionBench.speech(packets: 2, from: 90))
    bench.answer(1, 1, SessionBench.speech(packets: 2, from: 20))
    bench.pass(.milliseconds(100))
    #expect(bench.sent.map(\.value) == [10, 11, 20, 21])
  }

  @Test("a sentence that cannot be spoken ends the utterance after those that can")
  func failedSentence() throws {
    let bench = try SessionBench(saying: ["One. Two."])
    bench.answer(1, 0, SessionBench.speech(packets: 4, from: 10))
    bench.fail(1, 1)
    bench.pass(.milliseconds(100))
    #expect(bench.sent.map(\.value) == [10, 11, 12, 13])
    #expect(bench.phase == "waiting")
    let entry = bench.reports.compactMap { if case .agentFinished(let entry) = $0 { entry } else { nil } }.first
    #expect(entry?.playedText == "One.")
  }

  @Test("words for a request that is over change nothing")
  func lateWords() throws {
    let bench = try SessionBench(saying: ["Hello.", "Never."])
    bench.answer(1, 0, SessionBench.speech(packets: 1))
    bench.pass(.milliseconds(40))
    bench.session.accept(.words(RequestID(99), .success("hello")), at: bench.now)
    bench.session.accept(.words(RequestID(99), .failure(.timedOut(limit: .zero))), at: bench.now)
    bench.session.accept(.tool(RequestID(99), .failed("late")), at: bench.now)
    #expect(bench.phase == "waiting")
    #expect(bench.sentences.count == 1)
    _ = try bench.hangUp()
    bench.answer(1, 0, SessionBench.speech(packets: 9, from: 90))
    bench.pass(.milliseconds(100))
    #expect(bench.sent.count == 1)
    #expect(bench.ended.count == 1)
  }
}
