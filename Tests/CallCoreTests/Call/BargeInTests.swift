import CallCore
import Testing

@Suite("Barge-in")
struct BargeInTests {
  static func speaking(interruptible: Bool = true) -> CallBench {
    var bench = CallBench([
      [
        .say("One two three four five. Six seven eight nine ten.", interruptible: interruptible),
        .listen(ListenOptions()),
      ]
    ])
    bench.send(.began)
    return bench
  }

  @Test("160 ms of speech over the agent stop it; 128 ms do not", arguments: [(128, false), (160, true)])
  func speechStopsAgent(milliseconds: Int, stops: Bool) {
    var bench = Self.speaking()
    bench.pause(for: .milliseconds(320))
    bench.speak(for: .milliseconds(milliseconds))
    #expect(bench.actions.contains(.stopPlayout(UtteranceID(1))) == stops)
    #expect(bench.actions.contains(.report(.clear(UtteranceID(1)))) == stops)
  }

  @Test("History keeps what was heard: whole sentences, then whole words by their share of the time")
  func playedText() throws {
    var bench = Self.speaking()
    bench.pause(for: .milliseconds(1344))
    bench.speak(for: .milliseconds(160))
    let entry = try #require(bench.call.record.transcript.first { $0.role == .agent })
    #expect(entry.interrupted)
    #expect(entry.heard == .milliseconds(1504))
    #expect(entry.playedText == "One two three four five. Six seven")
    #expect(bench.reports.contains { if case .agentInterrupted(entry) = $0 { true } else { false } })
  }

  @Test("The interrupting speech is a turn of its own and is answered")
  func interruptionIsAnswered() {
    var bench = Self.speaking()
    bench.words = "stop"
    bench.pause(for: .milliseconds(320))
    bench.speak(for: .milliseconds(640))
    bench.pause(for: .milliseconds(512))
    #expect(bench.inputs == [.begin, .said("stop")])
  }

  @Test("What must be heard out is not interrupted; speech that goes on afterwards is the caller's turn")
  func uninterruptible() {
    var bench = Self.speaking(interruptible: false)
    bench.pause(for: .milliseconds(1600))
    bench.speak(for: .milliseconds(320))
    #expect(bench.call.phase.name == "speaking")
    bench.speak(for: .milliseconds(320))
    #expect(bench.call.phase == .hearing)
    #expect(bench.call.record.transcript.first?.interrupted == false)
  }

  @Test("A key and a typed text interrupt as speech does")
  func keysAndTextInterrupt() throws {
    var bench = Self.speaking()
    bench.pause(for: .milliseconds(320))
    bench.send(.keyPressed(try #require(Key("1"))))
    #expect(bench.call.phase.name == "keying")
    bench = Self.speaking()
    bench.pause(for: .milliseconds(320))
    bench.send(.typed("stop it"))
    #expect(bench.inputs.last == .said("stop it"))
    #expect(bench.call.record.transcript.first?.interrupted == true)
  }

  @Test("Hanging up over the agent keeps what was heard")
  func hangUpOverAgent() throws {
    var bench = Self.speaking()
    bench.pause(for: .milliseconds(992))
    bench.send(.hungUp)
    #expect(bench.call.phase == .ended(.callerHungUp))
    #expect(bench.call.record.transcript.first?.playedText == "One two three four")
    #expect(bench.actions.last == .report(.agentInterrupted(try #require(bench.call.record.transcript.first))))
  }
}
