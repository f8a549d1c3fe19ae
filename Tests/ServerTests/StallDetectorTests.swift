import CallCore
import CallServer
import Testing

@Suite("Whether a thread stands")
struct StallDetectorTests {
  /// A thread that is looked at every second of a time of its own.
  private struct Harness {
    var detector = StallDetector(
      period: .seconds(1), limits: .init(noticeAfter: .seconds(3), endAfter: .seconds(30)))
    var now = Timestamp.zero
    var cpu = CallDuration.zero

    /// Looks once a second.
    /// - Returns: the last verdict.
    mutating func look(
      _ times: Int, progress: UInt64?, cpuEach: CallDuration = .zero, every: CallDuration = .seconds(1)
    )
      -> StallDetector.Verdict
    {
      var verdict = StallDetector.Verdict.goesOn
      for _ in 0..<times {
        now = now + every
        cpu += cpuEach
        verdict = detector.check(.init(progress: progress, cpu: cpu), at: now)
      }
      return verdict
    }
  }

  @Test("one that goes on, or waits for work, does not, however much or little CPU it uses")
  func goesOn() {
    var harness = Harness()
    for step in 0..<200 { #expect(harness.look(1, progress: UInt64(step), cpuEach: .seconds(step % 2)) == .goesOn) }
    #expect(harness.look(1000, progress: nil) == .goesOn)
  }

  @Test("one that does not go on stands after 3 s, and is lost after 30 s where it loops or uses no CPU")
  func stands() {
    for (cpu, cause) in [
      (CallDuration.milliseconds(1000), StallDetector.Cause.loops), (.zero, .waits), (.milliseconds(200), .loops),
    ] {
      var harness = Harness()
      #expect(harness.look(1, progress: 7) == .goesOn)
      #expect(harness.look(2, progress: 7, cpuEach: cpu) == .goesOn)
      #expect(harness.look(1, progress: 7, cpuEach: cpu) == .stands(.seconds(3)))
      #expect(harness.look(26, progress: 7, cpuEach: cpu) == .stands(.seconds(29)))
      #expect(harness.look(1, progress: 7, cpuEach: cpu) == .isLost(.seconds(30), cause))
      #expect(harness.look(1, progress: 8, cpuEach: cpu) == .goesOn)
    }
  }

  @Test("one that gets little CPU stands, and is never lost")
  func slow() {
    var harness = Harness()
    #expect(harness.look(600, progress: 7, cpuEach: .milliseconds(50)) == .stands(.seconds(599)))
  }

  @Test("a process that was stopped for an hour, or whose watcher gets no CPU, loses no thread for it")
  func stopped() {
    var harness = Harness()
    #expect(harness.look(29, progress: 7) == .stands(.seconds(28)))
    #expect(harness.look(1, progress: 7, every: .seconds(3600)) == .goesOn)
    #expect(harness.look(29, progress: 7) == .stands(.seconds(29)), "from the look after that on it counts anew")
    #expect(harness.look(1, progress: 8) == .goesOn)
    #expect(harness.look(500, progress: 8, every: .milliseconds(2001)) == .goesOn, "the watcher is always late")
  }

  @Test("with no time set it stands for ever")
  func never() {
    var harness = Harness()
    harness.detector = StallDetector(period: .seconds(1), limits: .init(noticeAfter: .seconds(3), endAfter: nil))
    #expect(harness.look(100_000, progress: 7) == .stands(.seconds(99_999)))
  }

  @Test("each step of the work begins the time anew")
  func steps() {
    var harness = Harness()
    for step in 0..<100 { #expect(harness.look(3, progress: UInt64(step), cpuEach: .seconds(1)) == .goesOn) }
  }
}
