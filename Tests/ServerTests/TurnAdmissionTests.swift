import CallCore
import CallServer
import Testing

extension ServerTests {
  /// One thread with 50 ms for a turn every 6.5 s: 130 calls would use all of its time.
  @Suite("Admission by what callers wait for, turn by turn in virtual time")
  struct TurnAdmissionTests {
    /// Seeds of the callers; each is a world of its own.
    static let seeds: [UInt64] = [1, 2, 3]
    /// What 95 turns in 100 may wait, seconds: a turn latency of 1.2 s has room for it.
    static let waitMax = AdmissionLimits().engineWaitMax.seconds

    @Test(
      "a ramp of 4 calls a second to 130: one thread takes a hundred, and they are answered in time", arguments: seeds)
    func ramp(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.pass(seconds: 60, keepingUp: 130)
      #expect((100...115).contains(harness.count), "\(harness.count)")
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
      #expect(harness.callsBySecond[19] >= 75, "let in as they come for 20 s: \(harness.callsBySecond[19])")
    }

    @Test("calls of 35 to 55 s that are followed by others: a hundred are up on average", arguments: seeds)
    func turnover(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.callers.hold = 35...55
      harness.pass(seconds: 180, keepingUp: 130)
      #expect(harness.meanCalls(since: 40) >= 100, "\(harness.meanCalls(since: 40))")
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
    }

    @Test("a short greeting: the first turns come before 8 s are over", arguments: seeds)
    func shortGreeting(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.callers.hold = 35...55
      harness.callers.firstTurn = 3...5
      harness.pass(seconds: 180, keepingUp: 130)
      #expect(harness.meanCalls(since: 40) >= 95, "\(harness.meanCalls(since: 40))")
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
    }

    @Test(
      "one and a half times the capacity for five minutes: the calls that are up are answered in time", arguments: seeds
    )
    func overload(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.callers.hold = 35...55
      harness.pass(seconds: 300, keepingUp: 195, rate: 5)
      #expect(harness.meanCalls(since: 40) >= 100, "\(harness.meanCalls(since: 40))")
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
      #expect(harness.refusals > 0)
    }

    @Test("one and a half times the capacity at one instant: what is let in is answered in time", arguments: seeds)
    func burst(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.pass(seconds: 0.02, keepingUp: 195, rate: 100_000)
      #expect((25...45).contains(harness.count), "\(harness.count)")
      harness.pass(seconds: 120, keepingUp: 195, rate: 100_000)
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
      #expect(harness.count >= 95, "\(harness.count)")
    }

    @Test(
      "calls of one case, which all go alike and keep together in all their turns: no bunch of them grows",
      arguments: 1...12 as ClosedRange<UInt64>)
    func alike(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.callers = Self.alike(hold: 40...40.2)
      harness.pass(seconds: 300, keepingUp: 130)
      #expect(harness.meanCalls(since: 40) >= 100, "\(harness.meanCalls(since: 40))")
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
    }

    @Test(
      "calls that go alike, last long or have dear turns: they wait little longer, where they waited two seconds while waits closed the door",
      arguments: seeds)
    func alikeForLong(seed: UInt64) {
      for (hold, recognition, calls) in [(90.0...91, 0.05, 85.0), (40...40.2, 0.075, 55)] {
        var harness = TurnQueueHarness(threads: 1, seed: seed)
        harness.callers = Self.alike(hold: hold)
        harness.callers.recognition = recognition
        harness.pass(seconds: 300, keepingUp: 130)
        #expect(harness.meanCalls(since: 60) >= calls, "\(harness.meanCalls(since: 60))")
        let wait = harness.wait(percentile: 95, since: 60)
        #expect(wait <= Self.waitMax * 1.6, "\(wait) s")
      }
    }

    @Test(
      "the sample bookings, one after the other: six turns in the middle of a call of 28 s, and another call for each that ends",
      arguments: [4.0, 5, 10])
    func bookings(rate: Double) {
      for seed in Self.seeds {
        var harness = TurnQueueHarness(threads: 1, seed: seed)
        harness.callers = TurnQueueHarness.Callers(
          firstTurn: 8...9, turnInterval: 2.2...2.8, hold: 27...29, recognition: 0.06, quietEnd: 6)
        // Until some calls have ended nothing is known of their length.
        harness.pass(seconds: 60, keepingUp: 20)
        harness.pass(seconds: 300, keepingUp: 150, rate: rate)
        // In step, 40 were up on average and waited from 1 to 8 s.
        #expect(harness.meanCalls(since: 100) >= 46, "\(harness.meanCalls(since: 100))")
        let wait = harness.wait(percentile: 95, since: 60)
        #expect(wait <= Self.waitMax, "\(wait) s")
      }
    }

    @Test(
      "a minute in which turns take twice as long: as many calls as before are taken soon after it", arguments: seeds)
    func slowMinute(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.callers.hold = 35...55
      harness.pass(seconds: 120, keepingUp: 130)
      harness.callers.recognition *= 2
      harness.pass(seconds: 60, keepingUp: 130)
      harness.callers.recognition /= 2
      harness.pass(seconds: 120, keepingUp: 130)
      #expect(harness.meanCalls(since: 220) >= 95, "\(harness.meanCalls(since: 220))")
      #expect(harness.wait(percentile: 95, since: 190) <= Self.waitMax)
    }

    /// Callers of one case.
    private static func alike(hold: ClosedRange<Double>) -> TurnQueueHarness.Callers {
      TurnQueueHarness.Callers(firstTurn: 7.5...7.6, turnInterval: 6.4...6.6, hold: hold)
    }

    @Test("turns that take twice as long as is known: that shows with the first of them", arguments: seeds)
    func dearTurns(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 1, seed: seed)
      harness.callers.recognition = 0.14
      harness.callers.hold = 35...55
      harness.pass(seconds: 40, keepingUp: 130)
      // 140 ms for a turn every 6.5 s: 46 calls would use all of the thread's time.
      #expect(harness.count < 46, "\(harness.count)")
      #expect(harness.admission.engineCost.share > Admission.engineShareOfCall * 1.5)
      harness.pass(seconds: 140, keepingUp: 130)
      #expect(
        harness.wait(percentile: 95, since: 60) <= Self.waitMax, "\(harness.wait(percentile: 95, since: 60)) s")
      #expect(harness.meanCalls(since: 60) > 20, "\(harness.meanCalls(since: 60))")
    }

    @Test("five hundred callers who say nothing, ten a second: all are let in, once that shows")
    func silentCalls() {
      var harness = TurnQueueHarness(threads: 1, seed: 1)
      harness.callers.firstTurn = 1000...1000
      harness.callers.loopShare = 0.001
      harness.pass(seconds: 60, keepingUp: 500, rate: 10)
      #expect(harness.count == 500)
      // Nothing is known of them in the first ten seconds, and a hundred who speak would be too many.
      #expect(harness.refusals <= 20, "\(harness.refusals)")
    }

    @Test("two threads share what waits: more than twice as many calls, with turns of 70 ms", arguments: seeds)
    func twoThreads(seed: UInt64) {
      var harness = TurnQueueHarness(threads: 2, seed: seed)
      harness.callers.recognition = 0.07
      harness.callers.loopShare = 0.001
      harness.pass(seconds: 90, keepingUp: 300)
      #expect(harness.count >= 140, "\(harness.count)")
      #expect(harness.wait(percentile: 95) <= Self.waitMax, "\(harness.wait(percentile: 95)) s")
    }

    @Test("the wait that is foretold is the wait of turns that come at random", arguments: [0.5, 0.7, 0.8, 0.85, 0.9])
    func foretoldWait(utilization: Double) {
      for (threads, service) in [(1, 0.05), (2, 0.07), (4, 0.2)] {
        let measured = TurnQueueHarness.wait(
          percentile: 95, utilization: utilization, service: service, threads: threads, seed: 7)
        let foretold = TurnWait.wait(utilization: utilization, service: service, threads: threads)
        #expect(abs(measured - foretold) <= 0.2 * max(measured, service), "\(threads): \(measured), \(foretold)")
      }
    }

    @Test("the highest utilization is where the wait meets its limit", arguments: [1, 2, 8])
    func utilization(threads: Int) {
      for service in [0.02, 0.05, 0.2] {
        let found = TurnWait.utilizationMax(wait: 0.4, service: service, threads: threads)
        #expect(TurnWait.wait(utilization: found, service: service, threads: threads) <= 0.4)
        #expect(TurnWait.wait(utilization: found + 0.001, service: service, threads: threads) > 0.4)
      }
      #expect(TurnWait.wait(utilization: 1, service: 0.05, threads: threads) == .infinity)
      #expect(TurnWait.wait(utilization: 0, service: 0.05, threads: threads) == 0)
    }
  }
}
