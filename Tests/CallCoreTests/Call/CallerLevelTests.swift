import CallCore
import Testing

@Suite("Who interrupts: the caller, or people behind")
struct CallerLevelTests {
  /// The agent speaks for a minute, twice, with a turn of the caller between.
  private static func harness() -> CallHarness {
    let speech = FlowOutput.say(String(repeating: "One two three. ", count: 30), interruptible: true)
    var harness = CallHarness([
      [.listen(ListenOptions())], [speech, .listen(ListenOptions())], [speech, .listen(ListenOptions())],
    ])
    harness.sentence = .seconds(2)
    harness.send(.began)
    return harness
  }

  /// The caller says something of a second while the agent waits, at a level in decibels, and the agent answers.
  private static func answering(level: Int) -> CallHarness {
    var harness = harness()
    harness.hear(950, for: .milliseconds(1504), level: level)
    harness.hear(10, for: .milliseconds(640), level: -70)
    #expect(harness.call.phase.name == "speaking")
    return harness
  }

  private static func isInterrupted(_ harness: CallHarness) -> Bool {
    harness.reports.contains { if case .clear = $0 { true } else { false } }
  }

  @Test(
    "speech as loud as the caller interrupts after 160 ms, softer speech after 320 ms, much softer speech never",
    arguments: [(0, 160), (-6, 160), (-7, 320), (-8, 320)])
  func levels(below: Int, milliseconds: Int) {
    for (length, interrupts) in [(milliseconds - 32, false), (milliseconds, true)] {
      var harness = Self.answering(level: -20)
      harness.hear(950, for: .milliseconds(length), level: -20 + below)
      #expect(Self.isInterrupted(harness) == interrupts, "\(length) ms")
    }
  }

  @Test(
    "people behind, 9 dB softer than the caller or more, talk for half a minute, and the agent goes on",
    arguments: [-9, -12, -15, -30])
  func background(below: Int) {
    var harness = Self.answering(level: -20)
    harness.hear(950, for: .seconds(30), level: -20 + below)
    #expect(harness.call.phase.name == "speaking" && !Self.isInterrupted(harness))
    harness.hear(950, for: .milliseconds(352), level: -20)
    #expect(Self.isInterrupted(harness), "the caller is still heard")
  }

  @Test(
    "people behind who talk through all that the agent says begin a turn when it has finished, and none before that")
  func throughout() throws {
    var harness = Self.answering(level: -20)
    let begin = harness.now
    harness.hear(950, for: .seconds(61), level: -35)
    #expect(harness.call.phase.name == "hearing" && !Self.isInterrupted(harness))
    let start = harness.actions.compactMap { if case .openTurn(_, let start) = $0 { start } else { nil } }.last
    // The agent has spoken for 60 s, and the sound of one more is kept.
    #expect(try #require(start) >= begin + .milliseconds(58_500))
  }

  @Test("a bang of one window in soft voices is not the caller")
  func click() {
    var harness = Self.answering(level: -20)
    harness.hear(950, for: .seconds(1), level: -38)
    harness.hear(950, for: .milliseconds(32), level: -21)
    harness.hear(950, for: .seconds(1), level: -38)
    #expect(!Self.isInterrupted(harness))
  }

  @Test("a caller who speaks softly from the start interrupts once a second of words was understood")
  func softCaller() {
    var harness = Self.answering(level: -45)
    harness.hear(950, for: .milliseconds(320), level: -47)
    #expect(Self.isInterrupted(harness))
    // Before that nobody can tell the caller from people behind.
    var fresh = CallHarness([
      [.say("One two three four five. Six seven eight.", interruptible: true), .listen(ListenOptions())]
    ])
    fresh.send(.began)
    fresh.hear(950, for: .milliseconds(640), level: -45)
    #expect(!Self.isInterrupted(fresh))
  }

  @Test("a caller who spoke up and is soft again is heard when the agent listens, and interrupts from then on")
  func softerLater() {
    var harness = Self.answering(level: -15)
    harness.hear(950, for: .milliseconds(960), level: -32)
    #expect(!Self.isInterrupted(harness))
    harness.hear(10, for: .seconds(60), level: -70)
    #expect(harness.call.phase.name == "waiting")
    harness.hear(950, for: .milliseconds(1504), level: -32)
    harness.hear(10, for: .milliseconds(640), level: -70)
    #expect(harness.call.phase.name == "speaking")
    harness.hear(950, for: .milliseconds(320), level: -33)
    #expect(Self.isInterrupted(harness))
  }

  @Test("where nobody knows how loud it is, any speech interrupts")
  func unknown() {
    var harness = Self.answering(level: -20)
    harness.speak(for: .milliseconds(160))
    #expect(Self.isInterrupted(harness))
  }
}
