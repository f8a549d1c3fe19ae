import CallCore
import Testing

@Suite("Barge-in")
struct BargeInTests {
  static func speaking(interruptible: Bool = true) -> CallHarness {
    var harness = CallHarness([
      [
        .say("One two three four five. Six seven eight nine ten.", interruptible: interruptible),
        .listen(ListenOptions()),
      ]
    ])
    harness.send(.began)
    return harness
  }

  @Test("160 ms of speech over the agent stop it; 128 ms do not", arguments: [(128, false), (160, true)])
  func speechStopsAgent(milliseconds: Int, stops: Bool) {
    var harness = Self.speaking()
    harness.pause(for: .milliseconds(320))
    harness.speak(for: .milliseconds(milliseconds))
    #expect(harness.actions.contains(.stopPlayout(UtteranceID(1))) == stops)
    #expect(harness.actions.contains(.report(.clear(UtteranceID(1)))) == stops)
  }

  @Test("History keeps what was heard: whole sentences, then whole words by their share of the time")
  func playedText() throws {
    var harness = Self.speaking()
    harness.pause(for: .milliseconds(1344))
    harness.speak(for: .milliseconds(160))
    let entry = try #require(harness.call.record.transcript.first { $0.role == .agent })
    #expect(entry.interrupted)
    #expect(entry.heard == .milliseconds(1504))
    #expect(entry.playedText == "One two three four five. Six seven")
    #expect(harness.reports.contains { if case .agentInterrupted(entry) = $0 { true } else { false } })
  }

  @Test("The interrupting speech is a turn of its own and is answered")
  func interruptionIsAnswered() {
    var harness = Self.speaking()
    harness.words = "stop"
    harness.pause(for: .milliseconds(320))
    harness.speak(for: .milliseconds(640))
    harness.pause(for: .milliseconds(512))
    #expect(harness.inputs == [.begin, .said("stop")])
  }

  @Test("What must be heard out is not interrupted; speech that goes on afterwards is the caller's turn")
  func uninterruptible() {
    var harness = Self.speaking(interruptible: false)
    harness.pause(for: .milliseconds(1600))
    harness.speak(for: .milliseconds(320))
    #expect(harness.call.phase.name == "speaking")
    harness.speak(for: .milliseconds(320))
    #expect(harness.call.phase == .hearing)
    #expect(harness.call.record.transcript.first?.interrupted == false)
  }

  @Test("A key and a typed text interrupt as speech does")
  func keysAndTextInterrupt() throws {
    var harness = Self.speaking()
    harness.pause(for: .milliseconds(320))
    harness.send(.keyPressed(try #require(Key("1"))))
    #expect(harness.call.phase.name == "keying")
    harness = Self.speaking()
    harness.pause(for: .milliseconds(320))
    harness.send(.typed("stop it"))
    #expect(harness.inputs.last == .said("stop it"))
    #expect(harness.call.record.transcript.first?.interrupted == true)
  }

  @Test("Hanging up over the agent keeps what was heard")
  func hangUpOverAgent() throws {
    var harness = Self.speaking()
    harness.pause(for: .milliseconds(992))
    harness.send(.hungUp)
    #expect(harness.call.phase == .ended(.callerHungUp))
    #expect(harness.call.record.transcript.first?.playedText == "One two three four")
    #expect(harness.actions.last == .report(.agentInterrupted(try #require(harness.call.record.transcript.first))))
  }
}
