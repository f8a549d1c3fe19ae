import CallCore
import CallDriver
import CallServer
import Testing

extension ServerTests {
  @Suite("Admission of calls, in virtual time")
  struct AdmissionTests {
    /// Calls that the speech engines of the bench can serve.
    static let capacity = Int(2 / Admission.engineShareOfCall)

    @Test("half of the capacity is let in without a refusal, at four calls a second")
    func room() {
      var harness = AdmissionHarness()
      harness.pass(.seconds(30), offering: 4)
      #expect(harness.calls == 120)
      #expect(harness.refusals == 0)
    }

    @Test("one and a half times the capacity: the excess is refused, nobody waits, and the machine is well used")
    func overload() {
      var harness = AdmissionHarness()
      // Of calls that last 60 s, 6 a second make 360.
      harness.pass(.seconds(300), offering: 8, hold: .seconds(60))
      #expect(harness.refusals > 0)
      #expect(harness.engineLoadMax <= 1)
      #expect(harness.longestWait == .zero)
      #expect(harness.calls > Self.capacity * 7 / 10 && harness.calls <= Self.capacity * 9 / 10, "\(harness.calls)")
      #expect(harness.refused[.engineShare] == harness.refusals)
    }

    @Test("calls that cost three times what is known: the first ones show it")
    func dearCalls() {
      var harness = AdmissionHarness()
      harness.engineShareOfCall *= 3
      harness.pass(.seconds(120), offering: 4)
      #expect(harness.longestWait <= .milliseconds(400), "\(harness.longestWait)")
      #expect(harness.calls < Self.capacity / 3)
      #expect(harness.admission.engineCost.share > Admission.engineShareOfCall * 2)
    }

    @Test("callers who say nothing are not refused for what they might say")
    func silentCalls() {
      var harness = AdmissionHarness()
      harness.engineShareOfCall = 0
      harness.pass(.seconds(60), offering: 8)
      #expect(harness.refusals == 0)
      #expect(harness.calls == 480)
    }

    @Test("a thousand calls at once: no more come in than can speak at once")
    func burst() {
      var harness = AdmissionHarness()
      for _ in 0..<1000 { harness.offer() }
      #expect((50...Self.capacity / 2).contains(harness.calls), "\(harness.calls)")
      #expect(harness.admission.standingReason(at: harness.now) == .engineShare)
      #expect(harness.admission.closedFor == nil, "what is foretold refuses, and closes nothing")
      harness.pass(.seconds(10))
      #expect(harness.longestWait == .zero)
    }

    @Test("sixty calls that come together, speak together and go together do not shut out the next sixty")
    func bursts() {
      var harness = AdmissionHarness()
      harness.firstTurnFactor = 2.5
      for _ in 0..<5 {
        for _ in 0..<60 { harness.offer() }
        harness.pass(.seconds(11))
        harness.hangUpAll()
        harness.pass(.seconds(1))
      }
      #expect(harness.refusals == 0)
    }

    @Test("what dear calls taught is forgotten once they are gone")
    func forgetting() {
      var harness = AdmissionHarness()
      harness.engineShareOfCall *= 3
      harness.pass(.seconds(120), offering: 4)
      harness.hangUpAll()
      harness.pass(.seconds(20))
      #expect(harness.admission.engineCost.share < Admission.engineShareOfCall * 1.1)
    }

    @Test("waves of calls, one a second, do not pass before the first one speaks")
    func waves() {
      var harness = AdmissionHarness()
      for _ in 0..<60 {
        for _ in 0..<100 { harness.offer() }
        harness.pass(.seconds(1))
      }
      #expect(harness.engineLoadMax <= 1, "\(harness.engineLoadMax)")
      #expect(harness.longestWait == .zero)
    }

    @Test("each limit closes the door under its name, and it is open again within 5 s after the load went")
    func limits() {
      var loads: [RefusalReason: LoadFigures] = [:]
      for reason in [RefusalReason.tickLateness, .engineWait, .engineQueue, .engineShare, .loopShare] {
        loads[reason] = LoadFigures()
      }
      loads[.tickLateness]?.tickLateness = .milliseconds(21)
      loads[.engineWait]?.engineWait = .milliseconds(401)
      loads[.engineQueue]?.engineQueue = 9
      loads[.engineShare]?.engineShare = 1
      loads[.loopShare]?.loopShare = 1
      loads[.loopShare]?.loopShares = 2
      for (reason, figures) in loads { Self.overload(with: figures, for: reason) }
    }

    @Test(
      "waits that pass close nothing and let fewer calls in; those that stay for four seconds, or are three times the limit, close the door"
    )
    func waits() {
      var admission = Admission(limits: AdmissionLimits(), loops: 1, threads: 1)
      var figures = LoadFigures()
      func look(_ milliseconds: Int, times: Int) {
        for _ in 0..<times {
          figures.at = figures.at + .milliseconds(250)
          figures.engineWait = .milliseconds(milliseconds)
          admission.update(figures)
        }
      }
      look(0, times: 4)
      let usual = admission.engineShareMax
      for _ in 0..<10 {
        look(1200, times: 12)
        look(0, times: 12)
        #expect(admission.closedFor == nil)
      }
      #expect(admission.engineShareMax < usual * 0.65 && admission.engineShareMax >= usual * 0.6)
      look(0, times: 1000)
      #expect(admission.engineShareMax == usual, "it is given back")
      look(401, times: 16)
      #expect(admission.closedFor == nil)
      look(401, times: 1)
      #expect(admission.closedFor == .engineWait)
      look(0, times: 8)
      #expect(admission.closedFor == nil)
      look(1201, times: 1)
      #expect(admission.closedFor == .engineWait)
      // Threads without any time left have turns that are dearer than was known, and no bunch of calls.
      figures.engineShare = 1
      look(1200, times: 200)
      let left = admission.engineShareMax
      look(1200, times: 200)
      #expect(admission.engineShareMax == left)
    }

    /// A minute of overload, then none.
    private static func overload(with figures: LoadFigures, for reason: RefusalReason) {
      var admission = Admission(limits: AdmissionLimits(), loops: 2, threads: 2)
      var figures = figures
      let begin = Timestamp.zero
      for quarter in 1...240 {
        figures.at = begin + .milliseconds(250) * quarter
        admission.update(figures)
      }
      #expect(admission.admit(at: figures.at) == reason)
      let gone = figures.at
      var quiet = LoadFigures()
      quiet.at = gone
      while admission.rejectOverload(at: quiet.at) != nil, quiet.at - gone < .seconds(30) {
        quiet.at = quiet.at + .milliseconds(250)
        admission.update(quiet)
      }
      #expect(quiet.at - gone <= .seconds(5), "\(reason) took \((quiet.at - gone).seconds) s")
      #expect(quiet.at - gone >= .seconds(1), "the door opens only after a second of calm")
    }

    @Test("a server full of calls that all hang up at once takes calls again within 5 s")
    func recovery() {
      var harness = AdmissionHarness()
      harness.pass(.seconds(60), offering: 40)
      #expect(harness.admission.rejectOverload(at: harness.now) != nil)
      harness.hangUpAll()
      harness.pass(.seconds(5))
      #expect(harness.admission.rejectOverload(at: harness.now) == nil)
    }

    @Test("figures that waver around a limit do not make the door flap", arguments: [0.01, 0.05, 0.2])
    func noFlapping(noise: Double) {
      var harness = AdmissionHarness()
      harness.noise = noise
      harness.pass(.seconds(60), offering: 8)
      let before = (harness.doorChanges, harness.calls)
      harness.pass(.seconds(60), offering: 8)
      #expect(harness.doorChanges - before.0 <= 2, "\(harness.doorChanges - before.0) changes in a minute")
      #expect(harness.calls - before.1 <= 12)
      // What is measured closes the door, once, and it stays closed.
      let changes = harness.doorChanges
      for step in 0..<240 {
        harness.tickLateness = .milliseconds(step.isMultiple(of: 2) ? 21 : 15)
        harness.pass(.milliseconds(250), offering: 8)
      }
      #expect(harness.doorChanges - changes == 1)
    }

    @Test("calls that fit, and no further one: speech over REST is not refused for a call that would not fit")
    func standing() {
      var harness = AdmissionHarness()
      harness.pass(.seconds(60), offering: 8)
      #expect(harness.admission.standingReason(at: harness.now) == .engineShare)
      #expect(harness.admission.standingReason(for: 0, at: harness.now) == nil)
    }

    @Test("lateness between the two levels opens no closed door and closes no open one")
    func between() {
      var harness = AdmissionHarness()
      harness.tickLateness = .milliseconds(15)
      harness.pass(.seconds(5))
      #expect(harness.admission.closedFor == nil)
      harness.tickLateness = .milliseconds(21)
      harness.pass(.milliseconds(250))
      #expect(harness.admission.closedFor == .tickLateness)
      harness.tickLateness = .milliseconds(15)
      harness.pass(.seconds(60))
      #expect(harness.admission.closedFor == .tickLateness)
      #expect(harness.admission.refusingLoad.tickLateness == .milliseconds(21), "a refusal tells what closed the door")
      harness.tickLateness = .milliseconds(10)
      harness.pass(.seconds(2))
      #expect(harness.admission.closedFor == nil)
    }

    @Test("no more calls begin in a second than are allowed to, and a refusal for it closes nothing")
    func pace() {
      var harness = AdmissionHarness { $0.callStartsPerSecondMax = 10 }
      for _ in 0..<30 { harness.offer() }
      #expect(harness.calls == 10)
      #expect(harness.refused == [.pace: 20])
      harness.pass(.milliseconds(500))
      for _ in 0..<30 { harness.offer() }
      #expect(harness.calls == 15)
      #expect(harness.admission.closedFor == nil)
    }

    @Test("echo cancellers that were just begun count for what they will cost")
    func echoes() {
      var figures = LoadFigures()
      figures.at = Timestamp(microseconds: 1_000_000)
      figures.calls = 100
      var admission = Admission(limits: AdmissionLimits(), loops: 2, threads: 2)
      // One loop is busy for 0.7 of a core; 0.8 is the limit: an echo canceller costs 0.002 of each.
      figures.loopShare = 0.7
      for _ in 0..<100 { admission.update(figures) }
      #expect(admission.rejectOverload(at: figures.at) == nil)
      figures.newEchoCancellers = 49
      admission.update(figures)
      #expect(admission.rejectOverload(at: figures.at) == nil)
      figures.newEchoCancellers = 50
      admission.update(figures)
      #expect(admission.rejectOverload(at: figures.at) == .loopShare)
    }

    @Test("echo cancellers are limited, those beyond are refused and counted, and a call that ends gives its own back")
    func echoLimit() throws {
      let cancellers = LimitedEchoCancellers(PlainCancellers(), limit: 2)
      var held = [cancellers.makeEchoCanceller(), cancellers.makeEchoCanceller()]
      #expect(held.allSatisfy { $0 != nil })
      #expect(cancellers.makeEchoCanceller() == nil)
      #expect(cancellers.figures == LimitedEchoCancellers.Figures(inUse: 2, made: 2, refused: 1))
      held.removeLast()
      #expect(cancellers.figures.inUse == 1)
      let next = try #require(cancellers.makeEchoCanceller())
      var frame: [Int16] = [3, 5]
      frame.withUnsafeMutableBufferPointer { frame in next.cancel(UnsafeBufferPointer(frame), in: frame) }
      #expect(frame == [0, 0])
    }

    @Test("to ask whether there is room takes none")
    func asking() {
      var harness = AdmissionHarness { $0.callStartsPerSecondMax = 1 }
      for _ in 0..<10 { #expect(harness.admission.rejectOverload(at: harness.now) == nil) }
      harness.offer()
      #expect(harness.calls == 1)
      #expect(harness.admission.rejectOverload(at: harness.now) == .pace)
    }
  }
}

/// Takes away what was played as it is.
private final class PlainCancellers: EchoCancellerFactory {
  func makeEchoCanceller() -> (any EchoCanceller)? { Canceller() }

  private final class Canceller: EchoCanceller {
    func cancel(_ played: UnsafeBufferPointer<Int16>, in frame: UnsafeMutableBufferPointer<Int16>) {
      for index in frame.indices { frame[index] -= played[index] }
    }

    func reset() {}
  }
}
