import CallClient
import CallCore
import Wires
import Formats
import SampleCases
import Simulation
import Testing

extension ServerTests {
  @Suite("Simulated calls to a real server")
  struct LiveSimulationTests {
    /// What a call came to: its verdict, and each check that did not pass with its turn.
    private struct Judgement: Equatable, CustomStringConvertible {
      let verdict: Verdict
      let faults: [String]

      init(_ result: CaseResult) {
        verdict = result.verdict
        let found = result.allChecks.filter { $0.verdict != .passed }
        faults = Set(found.map { "\($0.kind.rawValue) of \($0.turn.map { "turn \($0)" } ?? "the call")" }).sorted()
      }

      var description: String { "\(verdict) \(faults)" }
    }

    /// What the network takes away falls on other words when the caller speaks 20 ms later (`Simulate.md`), and each of these then fails
    /// with a few seeds in a hundred, in virtual time as well: 2 of 40 and 1 of 50. `network` below looks at what they ask for.
    private static let decidedByLuck: Set = ["lossy", "slow-network"]

    @Test("Every sample case that a server can be asked for: 20 at once, they are judged live as in virtual time")
    func samples() throws {
      let cases = try SampleCases.all().filter {
        $0.agent.fault == nil && $0.world.engineTroubles.isEmpty && !Self.decidedByLuck.contains($0.id)
      }
      #expect(cases.count >= 29)
      let (virtual, live) = try judged(cases)
      #expect(virtual.allSatisfy { $0.verdict == .passed })
      let latencies = (Quantiles(of: virtual), Quantiles(of: live))
      print("live: \(live.count) cases; turn latency \(latencies.1); in virtual time \(latencies.0)")
    }

    @Test("The sample cases that a Realtime client can hold are judged over that wire as over our own: they pass")
    func realtime() throws {
      let cases = try SampleCases.all().filter { testCase in
        testCase.agent.fault == nil && testCase.world.engineTroubles.isEmpty
          // TCP loses nothing of a Realtime client.
          && testCase.world.network == NetworkConditions()
          && testCase.unobservable(over: .realtime, skipsExpectations: true).isEmpty
      }.map(\.withoutTools)
      #expect(cases.count >= 12, "\(cases.map(\.id))")
      let server = try TestServer.shared.get()
      var results = try SimulatedCalls.realtime(cases, at: server)
      // With 20 calls at once, speech that no call has needed yet may come late to the first one that does. What is of the wire comes again.
      let failed = results.indices.filter { results[$0].verdict != .passed && !results[$0].wasHeldUp }
      if !failed.isEmpty {
        for result in failed.map({ results[$0] }) {
          let understood = result.turns.map { $0.understood ?? "–" }
          print(
            "realtime: \(result.testCase.id) comes again: \(result.reasons.map(\.actual)); understood \(understood)")
        }
        let again = try SimulatedCalls.realtime(failed.map { cases[$0] }, at: server)
        for (place, result) in zip(failed, again) { results[place] = result }
      }
      for result in results where !result.wasHeldUp {
        #expect(
          result.verdict == .passed,
          "\(result.testCase.id): \(result.reasons.map(\.actual)); understood \(result.turns.map { $0.understood ?? "–" })"
        )
        #expect(result.evidence.findings.isEmpty, "\(result.testCase.id): \(result.evidence.findings)")
        #expect(result.evidence.record == nil && !result.evidence.isByEar)
      }
      print("realtime: \(cases.count) cases, \(results.count { $0.verdict == .passed }) passed: \(cases.map(\.id))")
    }

    /// Nothing in them is near a limit, so that no luck of the clock decides.
    private static let bad = """
      defaults: {flow: appointment, caller: {voice: heart-low}}
      cases:
        - id: wrong-words
          turns:
            - say: I have to cancel my appointment.
              expect: {keywords: [order number], excludes: [sorry], slots: {name: Mary Johnson}}
              never: {state: cancel-name}
            - hang-up: true
          expect: {outcome: booked, duration: 2s}
        - id: strict
          turns:
            - say: What are your opening hours?
              at: 800ms
              expect: {yield: 20ms, latency: 50ms}
            - hang-up: true
        - id: goes-on-after-the-goodbye
          turns:
            - say: I have to cancel my appointment.
            - say: It is Mary Johnson.
            - say: Are you still there?
        - id: waits-for-a-phrase-in-vain
          caller: {patience: 3s}
          turns:
            - say: What are your opening hours?
              at-phrase: flying saucers
        - id: too-long
          turns: [I would like to book an appointment., Tomorrow, please., At noon.]
          max-duration: 9300ms
        - id: line-breaks
          turns: [I would like to book an appointment., Tomorrow, please.]
          world: {disconnect-after: 3s}
        - id: line-holds
          turns: [{hang-up: true}]
          world: {disconnect-after: 100s}
      """

    @Test("Cases that fail or are invalid fail live by the same checks as in virtual time")
    func bad() throws {
      var cases = try TestCaseFileReader.readAll(
        [(file: "bad.yaml", text: Self.bad)], flows: TestFlows.library(), flow: "appointment",
        recordingExists: { _ in true }
      ).get()
      cases.append(try SampleCases.one("cancel"))
      cases[cases.count - 1].id = "no-such-flow"
      cases[cases.count - 1].agent.flow = "nowhere"
      cases.append(try SampleCases.one("cancel"))
      cases[cases.count - 1].id = "no-such-voice"
      cases[cases.count - 1].caller.voice = "nobody"
      let (virtual, _) = try judged(cases)
      for result in virtual { print("bad: \(result.testCase.id): \(Judgement(result))") }
      #expect(virtual.filter { $0.verdict == .passed }.map(\.testCase.id) == ["line-breaks"])
      #expect(
        virtual.filter { $0.verdict == .invalid }.map(\.testCase.id) == ["line-holds", "no-such-flow", "no-such-voice"])
    }

    /// Runs the cases both ways and compares them one by one, but for those that were held up.
    private func judged(_ cases: [TestCase]) throws -> (virtual: [CaseResult], live: [CaseResult]) {
      let virtual = try SimulatedCalls.virtual(cases)
      let live = try SimulatedCalls.live(cases, at: try TestServer.shared.get())
      #expect(virtual.count == cases.count && live.count == cases.count)
      for (virtual, live) in zip(virtual, live) {
        #expect(virtual.seed == live.seed)
        guard !live.wasHeldUp else { continue }
        let heard = zip(live.turns, virtual.turns).map { "\($0.understood ?? "–") | \($1.understood ?? "–")" }
        #expect(
          Judgement(live) == Judgement(virtual),
          """
          \(live.testCase.id): live failed by \(live.reasons.map(\.actual)); understood live | virtual: \(heard); \
          again: \(live.replay)
          """)
      }
      return (virtual, live)
    }

    @Test("The yield time of a live call agrees with its two tracks, measured by hand")
    func yield() throws {
      let result = try SimulatedCalls.live(
        [SampleCases.one("interrupt-at-800ms")], at: try TestServer.shared.get())[0]
      let tracks = try #require(result.evidence.tracks)
      let measured = try #require(result.metrics.yields.first)
      let byHand = try #require(YieldByHand(voice: tracks.voice, agent: tracks.agent))
      print("yield time, live: \(measured.milliseconds) ms by the report, \(byHand.milliseconds) ms by hand")
      #expect(abs(measured.milliseconds - byHand.milliseconds) <= 20)
      let reported = try #require(result.turns[0].began)
      #expect(abs(reported.milliseconds - byHand.callerBegan) <= 10)
    }

    @Test(
      "What the network did to a live caller's packets is counted once for each packet, and the server sees as much")
    func network() throws {
      var testCase = try SampleCases.one("slow-network")
      testCase.world.network.jitter = .milliseconds(90)
      testCase.world.network.duplicatePermille = 400
      testCase.world.network.lossPermille = 30
      let result = try SimulatedCalls.live([testCase], at: try TestServer.shared.get())[0]
      let counts = result.evidence.network
      var network = LossyNetwork(conditions: testCase.world.network, seed: result.seed)
      for packet in 1...counts.sent { _ = network.send(at: .zero + .milliseconds(20) * packet) }
      #expect(counts == network.counts)
      // As in virtual time (`TrackTests`): what came twice is late to the agent, and of what was overtaken only what came over 60 ms behind.
      let audio = try #require(result.evidence.record).audio
      let (overtaken, doubled) = (counts.overtaken, counts.duplicated)
      #expect(overtaken > 50)
      #expect(
        (doubled - 15...doubled + overtaken / 4).contains(audio.late), "\(audio.late) of \(doubled) and \(overtaken)")
      let arrived = counts.sent - counts.lost + doubled
      #expect(
        (arrived - 15...arrived).contains(audio.received + audio.late), "\(audio.received + audio.late) of \(arrived)")
    }
  }
}

extension Quantiles {
  /// Of the turn latencies of all results, in milliseconds.
  fileprivate init(of results: [CaseResult]) {
    self.init(results.flatMap { $0.metrics.latencies.map(\.milliseconds) })
  }
}

extension TestCase {
  /// Our server tells its clients of no tools: those of a flow are its own affair, and a client would answer them.
  fileprivate var withoutTools: TestCase {
    var testCase = self
    testCase.expectations.removeAll { $0.check.kind == .tools }
    for index in turns.indices { testCase.turns[index].expectations.removeAll { $0.check.kind == .tools } }
    return testCase
  }
}
