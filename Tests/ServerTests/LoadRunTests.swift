import CallClient
import CallCore
import CallServer
import Glibc
import LoadTest
import MachineWatch
import Simulation
import Testing
import WebSockets
import Wires
import Threads

extension ServerTests {
  @Suite("The load generator on a real socket")
  struct LoadRunTests {
    private static let shared = SharedSpeech(engines: TestEngines.catalog)

    /// A call to the flow `ping`, which ends as soon as it has heard anything.
    private static func recorded(over wire: CallWire = .voiceforge) throws -> RecordedCaller {
      let testCase = TestCase(
        id: "ping", agent: TestAgent(flow: "ping"),
        turns: [TestTurn(number: 1, action: .say([.words("Good morning.")]))])
      let recorder = CallerRecorder(engines: TestEngines.catalog, today: nil, wire: wire) { path throws(CallFailure) in
        throw .callerEngine("no recording \(path)")
      }
      return try recorder.recorded(of: testCase, seed: 1)
    }

    private func order(_ plan: ArrivalPlan, to server: TestServer) throws -> LoadOrder {
      LoadOrder(
        .server(server.callURL), plan: plan, recordings: [try Self.recorded()], mix: CallMix(weights: [1], seed: 1),
        seed: 1,
        thresholds: [try Threshold("failed==0")])
    }

    private func run(
      _ order: LoadOrder, isStopped: () -> Bool = { false }, tell: (LoadTotals) -> Void = { _ in }
    ) throws -> LoadResult {
      let canaries =
        order.canaryEvery > 0
        ? CanaryScheduler(url: order.callee.url, shared: Self.shared, today: BuiltInAgent.usualToday, seed: 1) {
          path throws(CallFailure) in throw .callerEngine("no recording \(path)")
        } : nil
      return try LoadTest.LoadRun(order, canaries: canaries, watches: [ServerWatch(.metrics(httpURL(of: order)))]).run(
        isStopped: { milliseconds in
          usleep(UInt32(milliseconds) * 1000)
          return isStopped()
        }, tell: tell)
    }

    private func httpURL(of order: LoadOrder) -> String {
      order.callee.url.replacing("ws://", with: "http://").replacing("/v1/call", with: "")
    }

    @Test(
      "five calls at once: each is answered, counted once and on time, and the canary hears what the others measure")
    func five() throws {
      let server = try TestServer.shared.get()
      var order = try order(.ramp(to: 5, every: .milliseconds(37), hold: .seconds(12)), to: server)
      order.canaryEvery = 5
      let result = try OnTime.run {
        try run(order)
      } wasHeldUp: {
        $0.verdict == .invalid || $0.isLate
      }
      let figures = result.totals.figures
      #expect(result.ending == .finished)
      #expect(figures.failed == 0 && figures.refused == 0, "\(figures.failures)")
      #expect(figures.offered == figures.accepted)
      #expect(figures.offered == figures.over)
      // A call takes three to four seconds, and another takes its place.
      #expect(figures.completed >= 10)
      #expect(result.totals.activeMax == 5)
      #expect(figures.turnsMissed == 0)
      let latency = try #require(figures.turnLatency.percentile(50))
      #expect(latency.milliseconds >= 480)
      #expect(figures.framesReceived > 500)
      let canaries = result.totals.canaries
      #expect(canaries.passed >= 1, "\(canaries.reasons)")
      // What a load call leaves out: from the first packet to the first sound that can be heard.
      let onset = try #require(canaries.onset.longest)
      #expect(onset > .zero)
      #expect(result.verdict == .passed)
    }

    @Test(
      "two calls at once over somebody else's wire, as text and as binary messages: answered, counted once and on time",
      arguments: [CallWire.twilio, .vonage, .realtime])
    func mediaStream(_ wire: CallWire) throws {
      let server = try TestServer.shared.get()
      let target = BotTarget(
        wire: wire,
        url: server.callURL.replacing("/v1/call", with: wire == .realtime ? "/v1/realtime" : "/\(wire.rawValue)/stream")
      )
      var order = LoadOrder(
        .bot(target), plan: .ramp(to: 2, every: .milliseconds(37), hold: .seconds(8)),
        recordings: [try Self.recorded(over: wire)], mix: CallMix(weights: [1], seed: 1), seed: 1,
        thresholds: [try Threshold("failed==0")])
      order.canaryEvery = 0
      let result = try OnTime.run {
        try run(order)
      } wasHeldUp: {
        $0.verdict == .invalid || $0.isLate
      }
      let figures = result.totals.figures
      #expect(figures.failed == 0 && figures.refused == 0, "\(figures.failures)")
      #expect(figures.offered == figures.accepted && figures.offered == figures.over)
      #expect(figures.completed >= 2 && result.totals.activeMax == 2)
      #expect(figures.turns > 0 && figures.turnsMissed == 0)
      #expect(figures.framesReceived > 100)
      // It waits at least for the end of the turn, which a server knows no sooner.
      let latency = try #require(figures.turnLatency.percentile(50))
      #expect(latency.milliseconds >= 300)
      #expect(result.verdict == .passed)
    }

    @Test("a server with two lines: the others are refused, and that is no failure")
    func full() throws {
      let server = try TestServer { $0.callsMax = 2 }
      var order = try order(.ramp(to: 4, every: .milliseconds(10), hold: .seconds(3)), to: server)
      order.canaryEvery = 0
      let result = try run(order)
      let figures = result.totals.figures
      #expect(figures.refused >= 2)
      #expect(figures.failed == 0, "\(figures.failures)")
      #expect(figures.accepted >= 2)
      #expect(result.totals.activeMax <= 2)
      #expect(figures.offered == figures.over)
    }

    @Test("a server that goes away under load: failures are told, and the run ends by itself")
    func vanishes() throws {
      var server: TestServer? = try TestServer()
      var order = try order(.ramp(to: 3, every: .milliseconds(10), hold: .seconds(60)), to: #require(server))
      order.canaryEvery = 3
      let result = try run(
        order,
        tell: { totals in
          if totals.samples.last?.active == 3 { server = nil }
        })
      #expect(result.ending == .targetGone)
      #expect(result.totals.figures.failed >= 3)
      #expect(result.totals.figures.offered == result.totals.figures.over)
      #expect(result.verdict == .failed)
    }

    @Test("nobody there: no call was ever taken")
    func nobody() throws {
      let server = try TestServer(waits: false)
      var order = try order(.ramp(to: 2, every: .milliseconds(10), hold: .seconds(60)), to: server)
      order.canaryEvery = 0
      server.server.stop()
      let result = try run(order)
      #expect(result.verdict == .unreachable)
    }

    @Test("stopped by hand: the calls that are up are hung up and counted as such")
    func stopped() throws {
      let server = try TestServer.shared.get()
      var order = try order(.ramp(to: 2, every: .milliseconds(10), hold: .seconds(60)), to: server)
      order.canaryEvery = 2
      let began = MonotonicClock.now()
      let result = try run(order, isStopped: { MonotonicClock.now() - began > 1_500_000 })
      #expect(result.ending == .stopped)
      // Stopped in the middle of a second, and still every frame is in one.
      let (samples, all) = (result.totals.samples, result.totals.figures)
      #expect(samples.map(\.framesSent).reduce(0, +) == all.framesSent)
      #expect(samples.map(\.framesSentLate).reduce(0, +) == all.framesSentLate)
      #expect(samples.map(\.framesReceived).reduce(0, +) == all.framesReceived)
      #expect(samples.map(\.framesLate).reduce(0, +) == all.framesLate)
      #expect(result.totals.figures.cutOff == 2)
      #expect(result.totals.figures.failed == 0, "\(result.totals.figures.failures)")
      #expect(result.totals.canaries.count == 0)
    }
  }
}

extension LoadResult {
  /// Whether 1 % of what the server sent came late.
  fileprivate var isLate: Bool { totals.figures.framesLate * 100 >= totals.figures.framesReceived }
}
