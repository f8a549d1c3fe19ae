import CallCore
import CallServer
import Testing

extension ServerTests {
  @Suite("Admission of calls, in virtual time")
  struct AdmissionTests {
    /// Calls that the speech engines of the bench can serve.
    static let capacity = Int(2 / Admission.engineShareOfCall)

    @Test("half of the capacity is let in without a refusal, at four calls a second")
    func room() {
      var bench = AdmissionBench()
      bench.pass(.seconds(30), offering: 4)
      #expect(bench.calls == 120)
      #expect(bench.refusals == 0)
    }

    @Test("one and a half times the capacity: the excess is refused, nobody waits, and the machine is well used")
    func overload() {
      var bench = AdmissionBench()
      // Of calls that last 60 s, 6 a second make 360.
      bench.pass(.seconds(300), offering: 8, hold: .seconds(60))
      #expect(bench.refusals > 0)
      #expect(bench.engineLoadMax <= 1)
      #expect(bench.longestWait == .zero)
      #expect(bench.calls > Self.capacity * 7 / 10 && bench.calls <= Self.capacity * 9 / 10, "\(bench.calls)")
      #expect(bench.refused[.engineShare] == bench.refusals)
    }

    @Test("calls that cost three times what is known: the first ones show it")
    func dearCalls() {
      var bench = AdmissionBench()
      bench.engineShareOfCall *= 3
      bench.pass(.seconds(120), offering: 4)
      #expect(bench.longestWait <= .milliseconds(400), "\(bench.longestWait)")
      #expect(bench.calls < Self.capacity / 3)
      #expect(bench.admission.engineCost.share > Admission.engineShareOfCall * 2)
    }

    @Test("callers who say nothing are not refused for what they might say")
    func silentCalls() {
      var bench = AdmissionBench()
      bench.engineShareOfCall = 0
      bench.pass(.seconds(60), offering: 8)
      #expect(bench.refusals == 0)
      #expect(bench.calls == 480)
    }

    @Test("a thousand calls at once: no more come in than can speak at once")
    func burst() {
      var bench = AdmissionBench()
      for _ in 0..<1000 { bench.offer() }
      #expect((50...Self.capacity / 2).contains(bench.calls), "\(bench.calls)")
      #expect(bench.admission.closedFor == .engineShare)
      bench.pass(.seconds(10))
      #expect(bench.longestWait == .zero)
    }

    @Test("sixty calls that come together, speak together and go together do not shut out the next sixty")
    func bursts() {
      var bench = AdmissionBench()
      bench.firstTurnFactor = 2.5
      for _ in 0..<5 {
        for _ in 0..<60 { bench.offer() }
        bench.pass(.seconds(11))
        bench.hangUpAll()
        bench.pass(.seconds(1))
      }
      #expect(bench.refusals == 0)
    }

    @Test("what dear calls taught is forgotten once they are gone")
    func forgetting() {
      var bench = AdmissionBench()
      bench.engineShareOfCall *= 3
      bench.pass(.seconds(120), offering: 4)
      bench.hangUpAll()
      bench.pass(.seconds(20))
      #expect(bench.admission.engineCost.share < Admission.engineShareOfCall * 1.1)
    }

    @Test("waves of calls, one a second, do not pass before the first one speaks")
    func waves() {
      var bench = AdmissionBench()
      for _ in 0..<60 {
        for _ in 0..<100 { bench.offer() }
        bench.pass(.seconds(1))
      }
      #expect(bench.engineLoadMax <= 1, "\(bench.engineLoadMax)")
      #expect(bench.longestWait == .zero)
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

    /// A minute of overload, then none.
    private static func overload(with figures: LoadFigures, for reason: RefusalReason) {
      var admission = Admission(limits: AdmissionLimits(), loops: 2, threads: 2)
      var figures = figures
      let begin = Timestamp.zero
      for quarter in 1...240 {
        figures.at = begin + .milliseconds(250) * quarter
        admission.take(figures)
      }
      #expect(admission.admit(at: figures.at) == reason)
      let gone = figures.at
      var quiet = LoadFigures()
      quiet.at = gone
      while admission.refusal(at: quiet.at) != nil, quiet.at - gone < .seconds(30) {
        quiet.at = quiet.at + .milliseconds(250)
        admission.take(quiet)
      }
      #expect(quiet.at - gone <= .seconds(5), "\(reason) took \((quiet.at - gone).seconds) s")
      #expect(quiet.at - gone >= .seconds(1), "the door opens only after a second of calm")
    }

    @Test("a server full of calls that all hang up at once takes calls again within 5 s")
    func recovery() {
      var bench = AdmissionBench()
      bench.pass(.seconds(60), offering: 40)
      #expect(bench.admission.refusal(at: bench.now) != nil)
      bench.hangUpAll()
      bench.pass(.seconds(5))
      #expect(bench.admission.refusal(at: bench.now) == nil)
    }

    @Test("figures that waver around a limit do not make the door flap", arguments: [0.01, 0.05, 0.2])
    func noFlapping(noise: Double) {
      var bench = AdmissionBench()
      bench.noise = noise
      bench.pass(.seconds(60), offering: 8)
      let before = (bench.doorChanges, bench.calls)
      bench.pass(.seconds(60), offering: 8)
      #expect(bench.doorChanges - before.0 <= 2, "\(bench.doorChanges - before.0) changes in a minute")
      #expect(bench.calls - before.1 <= 12)
    }

    @Test("lateness between the two levels opens no closed door and closes no open one")
    func between() {
      var bench = AdmissionBench()
      bench.tickLateness = .milliseconds(15)
      bench.pass(.seconds(5))
      #expect(bench.admission.closedFor == nil)
      bench.tickLateness = .milliseconds(21)
      bench.pass(.milliseconds(250))
      #expect(bench.admission.closedFor == .tickLateness)
      bench.tickLateness = .milliseconds(15)
      bench.pass(.seconds(60))
      #expect(bench.admission.closedFor == .tickLateness)
      bench.tickLateness = .milliseconds(10)
      bench.pass(.seconds(2))
      #expect(bench.admission.closedFor == nil)
    }

    @Test("no more calls begin in a second than are allowed to, and a refusal for it closes nothing")
    func pace() {
      var bench = AdmissionBench { $0.callStartsPerSecondMax = 10 }
      for _ in 0..<30 { bench.offer() }
      #expect(bench.calls == 10)
      #expect(bench.refused == [.pace: 20])
      bench.pass(.milliseconds(500))
      for _ in 0..<30 { bench.offer() }
      #expect(bench.calls == 15)
      #expect(bench.admission.closedFor == nil)
    }

    @Test("to ask whether there is room takes none")
    func asking() {
      var bench = AdmissionBench { $0.callStartsPerSecondMax = 1 }
      for _ in 0..<10 { #expect(bench.admission.refusal(at: bench.now) == nil) }
      bench.offer()
      #expect(bench.calls == 1)
      #expect(bench.admission.refusal(at: bench.now) == .pace)
    }
  }
}
