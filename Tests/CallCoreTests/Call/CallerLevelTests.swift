import CallCore
import Testing

@Suite("Who interrupts: the caller, or people behind")
struct CallerLevelTests {
  /// The agent speaks for a minute after each turn of the caller.
  private static func harness() -> CallHarness {
    let speech = FlowOutput.say(String(repeating: "One two three. ", count: 30), interruptible: true)
    let turns = Array(repeating: [speech, FlowOutput.listen(ListenOptions())], count: 6)
    var harness = CallHarness([[.listen(ListenOptions())]] + turns)
    harness.sentence = .seconds(2)
    harness.send(.began)
    return harness
  }

  /// A turn of one sound while the agent waits; the agent then answers.
  private static func take(_ length: CallDuration, level: Int, _ harness: inout CallHarness) {
    #expect(harness.call.phase.name == "waiting")
    harness.hear(950, for: length, level: level)
    harness.hear(10, for: .milliseconds(640), level: -70)
    #expect(harness.call.phase.name == "speaking")
  }

  /// The agent comes to its end.
  private static func hearOut(_ harness: inout CallHarness) {
    let end = harness.now + .seconds(61)
    while harness.now < end, harness.call.phase.name != "waiting" {
      harness.hear(10, for: .milliseconds(32), level: -70)
    }
    #expect(harness.call.phase.name == "waiting")
  }

  /// The caller says something of a second while the agent waits, at a level in decibels, and the agent answers.
  private static func answering(level: Int) -> CallHarness {
    var harness = harness()
    take(.milliseconds(1504), level: level, &harness)
    return harness
  }

  private static func isInterrupted(_ harness: CallHarness) -> Bool {
    harness.reports.contains { if case .clear = $0 { true } else { false } }
  }

  @Test(
    "speech as loud as the caller interrupts after 160 ms, and so does a steady voice up to 8 dB softer",
    arguments: [0, -6, -8])
  func levels(below: Int) {
    for (length, interrupts) in [(128, false), (160, true)] {
      var harness = Self.answering(level: -20)
      harness.hear(950, for: .milliseconds(length), level: -20 + below)
      #expect(Self.isInterrupted(harness) == interrupts, "\(length) ms")
    }
  }

  /// Windows of speech at these levels below the caller's.
  private static func uneven(_ levels: [Int]) -> CallHarness {
    var harness = Self.answering(level: -20)
    for below in levels { harness.hear(950, for: .milliseconds(32), level: -20 + below) }
    return harness
  }

  @Test(
    "a word with gaps interrupts by its third loudest window, or by its power over 320 ms, and soft sounds between do no harm"
  )
  func unevenWords() {
    #expect(Self.isInterrupted(Self.uneven([-20, -4, -7, -20, -7])))
    #expect(!Self.isInterrupted(Self.uneven([-20, -4, -4, -20, -9])), "two loud windows tell nothing")
    #expect(Self.isInterrupted(Self.uneven([0, -1, -20, -20, -20, -20, -20, -20, -20, -20])))
    #expect(!Self.isInterrupted(Self.uneven([0, -1, -20, -20, -20, -20, -20, -20, -20])), "9 windows")
  }

  @Test(
    "people behind, 9 dB softer than the caller or more, talk for half a minute, and the agent goes on",
    arguments: [-9, -12, -15, -20, -30])
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

  @Test(
    "before the caller was ever heard, people behind do not interrupt when they talk 2 dB louder than before; a caller does"
  )
  func behindAtFirst() {
    var harness = CallHarness([
      [.say(String(repeating: "One two three. ", count: 30), interruptible: true), .listen(ListenOptions())]
    ])
    harness.sentence = .seconds(2)
    harness.send(.began)
    var fresh = harness
    for _ in 0..<3 {
      harness.hear(950, for: .seconds(3), level: -38)
      harness.hear(950, for: .milliseconds(960), level: -36)
      harness.hear(10, for: .milliseconds(640), level: -70)
    }
    #expect(!Self.isInterrupted(harness))
    harness.hear(950, for: .milliseconds(160), level: -32)
    #expect(Self.isInterrupted(harness))
    // Where nobody talked before, that is loud enough for a caller.
    fresh.hear(950, for: .milliseconds(160), level: -36)
    #expect(Self.isInterrupted(fresh))
  }

  @Test(
    "a caller who spoke up and is soft again is heard when the agent listens, and interrupts once three turns in a row were soft"
  )
  func softerLater() {
    var harness = Self.answering(level: -15)
    for turn in 1...3 {
      harness.hear(950, for: .milliseconds(960), level: -32)
      #expect(!Self.isInterrupted(harness), "before soft turn \(turn)")
      Self.hearOut(&harness)
      Self.take(.milliseconds(1504), level: -32, &harness)
    }
    harness.hear(950, for: .milliseconds(320), level: -33)
    #expect(Self.isInterrupted(harness))
  }

  @Test(
    "a voice behind that says a sentence while the agent listens does not become the caller's: it interrupts no more than before",
    arguments: [-15, -20])
  func sentenceBehind(below: Int) {
    var harness = Self.answering(level: -20)
    for _ in 0..<2 {
      Self.hearOut(&harness)
      Self.take(.seconds(3), level: -20 + below, &harness)
    }
    harness.hear(950, for: .seconds(30), level: -20 + below)
    #expect(!Self.isInterrupted(harness))
    // Whatever else the turn holds: the caller has said something in it.
    Self.hearOut(&harness)
    harness.hear(950, for: .milliseconds(960), level: -20)
    harness.hear(950, for: .seconds(3), level: -20 + below)
    harness.hear(10, for: .milliseconds(640), level: -70)
    #expect(harness.call.phase.name == "speaking")
    harness.hear(950, for: .seconds(30), level: -20 + below)
    #expect(!Self.isInterrupted(harness))
    harness.hear(950, for: .milliseconds(160), level: -20)
    #expect(Self.isInterrupted(harness), "the caller is still heard")
  }

  @Test("a soft caller who gives only short answers interrupts: the first of them tells how loud the caller is")
  func shortAnswers() {
    var harness = Self.harness()
    Self.take(.milliseconds(256), level: -46, &harness)
    harness.hear(950, for: .milliseconds(160), level: -47)
    #expect(Self.isInterrupted(harness))
  }

  @Test("a voice behind takes no turn back that the agent is about to answer; the caller does")
  func resumed() {
    for (level, isResumed) in [(-37, false), (-20, true)] {
      var harness = Self.answering(level: -20)
      Self.hearOut(&harness)
      harness.sentence = nil
      harness.hear(950, for: .milliseconds(960), level: -20)
      harness.hear(10, for: .milliseconds(640), level: -70)
      #expect(harness.call.phase.name == "preparing")
      harness.hear(950, for: .milliseconds(960), level: level)
      #expect(harness.call.phase.name == (isResumed ? "hearing" : "preparing"))
    }
  }

  @Test("where nobody knows how loud it is, any speech interrupts")
  func unknown() {
    var harness = Self.answering(level: -20)
    harness.speak(for: .milliseconds(160))
    #expect(Self.isInterrupted(harness))
  }
}
