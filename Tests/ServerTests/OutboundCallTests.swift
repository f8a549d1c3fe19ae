import CallCore
import CallServer
import Testing
import Wires

/// One call that a provider was asked to place, told by hand what happens and when.
@Suite("A call that is dialed")
struct OutboundCallTests {
  /// A call with its clock.
  private struct Bench {
    var call: OutboundCall
    var now = Timestamp.zero
    var actions: [OutboundCall.Action] = []

    init(streamWithin: CallDuration? = .seconds(10), askEvery: CallDuration? = nil) {
      var limits = OutboundCall.Limits()
      (limits.streamWithin, limits.askEvery) = (streamWithin, askEvery)
      call = OutboundCall(limits, at: .zero)
    }

    mutating func handle(_ events: OutboundCall.Event...) {
      for event in events { call.handle(event, at: now, into: &actions) }
    }

    mutating func wait(_ duration: CallDuration) {
      now = now + duration
      handle(.tick)
    }

    mutating func take() -> [OutboundCall.Action] {
      defer { actions = [] }
      return actions
    }

    var hangUps: Int { actions.count { if case .hangUp = $0 { true } else { false } } }
    var outcomes: [DialOutcome] { actions.compactMap { if case .end(let outcome) = $0 { outcome } else { nil } } }
  }

  private static let sid = "CA1"
  private static let created = OutboundCall.Event.created(.success(.init(sid: sid, status: .queued)))
  private static func status(_ status: PhoneCallRecord.Status) -> OutboundCall.Event { .status(status, sid: sid) }

  @Test("from the request to the hang-up, which is asked for once")
  func wholeCall() {
    var bench = Bench()
    bench.handle(Self.created, Self.status(.initiated), Self.status(.ringing), Self.status(.inProgress), .streamOpened)
    #expect(
      bench.take() == [
        .tell(.created(providerCallID: "CA1")), .tell(.ringing), .tell(.answered), .tell(.connected),
      ])
    bench.wait(.seconds(60))
    #expect(bench.take().isEmpty)
    bench.handle(.streamClosed, .streamClosed, .stop(why: "late"), Self.status(.inProgress))
    #expect(bench.take() == [.hangUp(sid: "CA1")])
    bench.handle(.hungUp(nil), Self.status(.completed), Self.status(.completed), .streamClosed, .tick)
    #expect(bench.take() == [.end(.completed)] && bench.call.isOver)
  }

  @Test("the provider's word may overtake the answer of its API, and the stream the word that somebody answered")
  func overtaking() {
    var bench = Bench()
    bench.handle(.streamOpened, Self.status(.inProgress), Self.created, Self.status(.ringing), Self.status(.initiated))
    #expect(bench.take() == [.tell(.created(providerCallID: "CA1")), .tell(.connected)])
    bench.handle(Self.status(.completed))
    #expect(bench.take().isEmpty, "what was still on its way is heard")
    bench.handle(.streamClosed)
    #expect(bench.take() == [.end(.completed)], "a call that is over is not hung up")
  }

  @Test(
    "a call that nobody takes ends with the provider's word",
    arguments: [PhoneCallRecord.Status.busy, .noAnswer, .failed, .canceled])
  func notTaken(status: PhoneCallRecord.Status) {
    var bench = Bench()
    bench.handle(Self.created, Self.status(.ringing), Self.status(status), Self.status(.completed), .streamOpened)
    #expect(bench.outcomes == [.notTaken(status)] && bench.hangUps == 0)
  }

  @Test("a call that rings too long is asked for, then hung up")
  func neverConnected() {
    var bench = Bench()
    bench.handle(Self.created)
    bench.wait(.seconds(59))
    #expect(bench.take().count == 1)
    bench.wait(.seconds(1))
    #expect(bench.take() == [.fetch(sid: "CA1")])
    bench.handle(.fetched(.failure(.timedOut)))
    #expect(bench.take() == [.hangUp(sid: "CA1")])
    bench.handle(.hungUp(.gone))
    #expect(bench.outcomes == [.neverConnected(within: .seconds(45))])
  }

  @Test("what the provider says when it is asked counts where its callbacks never came")
  func lostCallbacks() {
    for (status, expected) in [
      (PhoneCallRecord.Status.busy, [DialOutcome.notTaken(.busy)]), (.noAnswer, [.notTaken(.noAnswer)]),
    ] {
      var bench = Bench()
      bench.handle(Self.created)
      bench.wait(.seconds(60))
      bench.handle(.fetched(.success(.init(sid: Self.sid, status: status))))
      #expect(bench.outcomes == expected && bench.hangUps == 0)
    }
    var bench = Bench()
    bench.handle(Self.created)
    bench.wait(.seconds(60))
    bench.handle(.fetched(.success(.init(sid: Self.sid, status: .inProgress))))
    bench.wait(.seconds(10))
    #expect(bench.hangUps == 1)
  }

  @Test("a call of whose status nothing is told is asked for again and again, and soon after its talk is over")
  func asked() {
    func fetched(_ status: PhoneCallRecord.Status) -> OutboundCall.Event {
      .fetched(.success(.init(sid: Self.sid, status: status)))
    }
    var bench = Bench(streamWithin: nil, askEvery: .seconds(30))
    bench.handle(.talkEnded, Self.created)
    bench.wait(.seconds(29))
    #expect(bench.take() == [.tell(.created(providerCallID: Self.sid))])
    bench.wait(.seconds(1))
    bench.handle(fetched(.ringing))
    #expect(bench.take() == [.fetch(sid: Self.sid), .tell(.ringing)])
    bench.wait(.seconds(29))
    #expect(bench.take().isEmpty)
    bench.handle(fetched(.inProgress))
    bench.wait(.seconds(1))
    bench.handle(.fetched(.failure(.timedOut)))
    #expect(bench.take() == [.tell(.answered), .fetch(sid: Self.sid)])
    bench.handle(.talkEnded)
    bench.wait(OutboundCall.talkEndPause)
    #expect(bench.take() == [.fetch(sid: Self.sid)])
    bench.handle(fetched(.inProgress))
    bench.wait(.seconds(30))
    bench.handle(fetched(.completed), fetched(.completed))
    #expect(bench.take() == [.fetch(sid: Self.sid), .end(.completed)])
    var gone = Bench(streamWithin: nil, askEvery: .seconds(30))
    gone.handle(Self.created, Self.status(.inProgress), .fetched(.failure(.gone)))
    #expect(gone.outcomes == [.completed] && gone.hangUps == 0)
    var silent = Bench()
    silent.handle(Self.created, .streamOpened, .talkEnded)
    silent.wait(.seconds(120))
    #expect(!silent.actions.contains(.fetch(sid: Self.sid)), "a run's stream says all")
  }

  @Test("a stream that never comes")
  func noStream() {
    var bench = Bench()
    bench.handle(Self.created, Self.status(.inProgress))
    bench.wait(.milliseconds(9_990))
    #expect(bench.hangUps == 0)
    bench.wait(.milliseconds(10))
    bench.handle(.hungUp(nil))
    #expect(bench.hangUps == 1 && bench.outcomes == [.noStream(within: .seconds(10))])
    var other = Bench()
    other.handle(Self.created, Self.status(.inProgress), Self.status(.completed))
    #expect(other.outcomes == [.noStream(within: nil)] && other.hangUps == 0)
    var unseen = Bench(streamWithin: nil)
    unseen.handle(Self.created, Self.status(.inProgress))
    unseen.wait(.seconds(300))
    unseen.handle(Self.status(.completed))
    #expect(unseen.outcomes == [.completed] && unseen.hangUps == 0, "whose stream nobody tells of")
  }

  @Test("a request that is not taken ends the call, and one that timed out hangs up what came of it all the same")
  func refused() {
    var bench = Bench()
    bench.handle(.created(.failure(.timedOut)))
    #expect(bench.outcomes == [.refused("\(DialFault.timedOut)")] && bench.hangUps == 0)
    bench.handle(Self.status(.ringing), Self.status(.inProgress))
    #expect(bench.hangUps == 1 && bench.outcomes.count == 1)
    bench.handle(.hungUp(.timedOut))
    bench.wait(OutboundCall.hangUpPause)
    #expect(bench.hangUps == 2 && !bench.call.isOver, "it goes on, so it is tried again as usual")
    bench.handle(.hungUp(nil), Self.status(.completed))
    #expect(bench.call.isOver && bench.outcomes.count == 1 && bench.hangUps == 2)
  }

  @Test(
    "a request that surely placed nothing, for a reason that passes, is told from one that was refused or may have been read"
  )
  func notPlaced() {
    let problem = TwilioProblem(parsing: [])
    let cases: [(DialFault, DialOutcome)] = [
      (.notConnected("x"), .notPlaced("\(DialFault.notConnected("x"))", after: nil)),
      (
        .rateLimited(retryAfterSeconds: 7, problem),
        .notPlaced("\(DialFault.rateLimited(retryAfterSeconds: 7, problem))", after: .seconds(7))
      ),
      (.unreachable("x"), .refused("\(DialFault.unreachable("x"))")),
      (.serviceError(status: 503, problem), .refused("\(DialFault.serviceError(status: 503, problem))")),
    ]
    for (fault, outcome) in cases {
      var bench = Bench()
      bench.handle(.created(.failure(fault)))
      #expect(bench.outcomes == [outcome])
    }
  }

  @Test("a hang-up that fails is tried three times where that may help, and then said", arguments: [true, false])
  func failedHangUp(mayPass: Bool) {
    let fault = mayPass ? DialFault.timedOut : .unauthorized(account: "AC1", .init(parsing: []))
    var bench = Bench()
    bench.handle(Self.created, .streamOpened, .streamClosed)
    for _ in 0..<5 {
      bench.handle(.hungUp(fault))
      bench.wait(OutboundCall.hangUpPause)
    }
    #expect(bench.hangUps == (mayPass ? OutboundCall.hangUpsMax : 1) && bench.outcomes == [.completed])
    #expect(bench.actions.contains(.tell(.notHungUp(why: "\(fault)"))))
  }

  @Test("stopped at any time, it is hung up once as soon as it has a name")
  func stopped() {
    let phases: [[OutboundCall.Event]] = [
      [], [Self.created], [Self.created, Self.status(.inProgress)], [Self.created, .streamOpened],
    ]
    for (number, events) in phases.enumerated() {
      var bench = Bench()
      for event in events { bench.handle(event) }
      bench.handle(.stop(why: "enough"), .stop(why: "again"), .streamClosed)
      if events.isEmpty { bench.handle(Self.created) }
      bench.handle(.hungUp(nil), Self.status(.completed))
      #expect(bench.hangUps == 1 && bench.outcomes == [.stopped(why: "enough")], "\(number)")
    }
    var unplaced = Bench()
    unplaced.handle(.stop(why: "enough"), .created(.failure(.timedOut)))
    #expect(unplaced.outcomes == [.stopped(why: "enough")] && unplaced.hangUps == 0)
  }

  @Test("a call that lasts too long is hung up, and one of another name is not this one")
  func overdue() {
    var bench = Bench()
    bench.handle(Self.created, .streamOpened, .status(.completed, sid: "CA2"))
    bench.wait(.seconds(659))
    #expect(bench.hangUps == 0)
    bench.wait(.seconds(2))
    bench.handle(.hungUp(nil))
    #expect(bench.hangUps == 1 && bench.outcomes == [.overdue(after: .seconds(600))])
  }

  @Test("every outcome is one sentence")
  func sentences() {
    let outcomes: [DialOutcome] = [
      .completed, .notTaken(.busy), .notTaken(.failed), .neverConnected(within: .seconds(45)), .noStream(within: nil),
      .noStream(within: .seconds(10)), .refused("why"), .notPlaced("later", after: nil), .stopped(why: "because"),
      .overdue(after: .seconds(600)),
    ]
    #expect(Set(outcomes.map(\.description)).count == outcomes.count)
    #expect(outcomes.allSatisfy { !$0.description.isEmpty && !$0.description.hasSuffix(".") })
  }
}
