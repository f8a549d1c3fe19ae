import CallClient
import CallCore
import JSON
import SampleCases
import Simulation
import Testing
import Wires

extension ServerTests {
  @Suite("Simulated calls as a client of OpenAI's Realtime protocol places them")
  struct RealtimeCallerTests {
    /// What decides: verdict, and the checks that did not pass with their turns.
    private struct Judgement: Equatable, CustomStringConvertible {
      let verdict: Verdict
      let faults: [String]

      init(_ result: CaseResult) {
        verdict = result.verdict
        faults = Set(
          result.allChecks.filter { $0.verdict != .passed }.map { "\($0.kind.rawValue) of \($0.turn ?? 0)" }
        ).sorted()
      }

      var description: String { "\(verdict) \(faults)" }
    }

    @Test("the sample cases that both wires can hold get the same verdicts over Realtime as over our own")
    func sameVerdicts() throws {
      let server = try TestServer.shared.get()
      let cases = try SampleCases.all().filter { testCase in
        testCase.agent.fault == nil && testCase.world.engineTroubles.isEmpty
          // What the network takes away falls on other words (`LiveSimulationTests`), and TCP loses nothing of a Realtime client.
          && testCase.world.network == NetworkConditions()
          && testCase.unobservable(over: .realtime, skipsExpectations: true).isEmpty
      }.map(\.withoutTools)
      #expect(cases.count >= 12, "\(cases.map(\.id))")
      var own = try SimulatedCalls.live(cases, at: server)
      var realtime = try SimulatedCalls.realtime(cases, at: server)
      // With 20 calls at once, speech that no call has needed yet may come late to the first one that does. What is of the wire comes again.
      let differing = cases.indices.filter { Judgement(own[$0]) != Judgement(realtime[$0]) }
      if !differing.isEmpty {
        let again = differing.map { cases[$0] }
        for (place, result) in zip(differing, try SimulatedCalls.live(again, at: server)) { own[place] = result }
        for (place, result) in zip(differing, try SimulatedCalls.realtime(again, at: server)) {
          realtime[place] = result
        }
      }
      for (own, realtime) in zip(own, realtime) where !own.wasHeldUp && !realtime.wasHeldUp {
        let heard = zip(own.turns, realtime.turns).map { "\($0.understood ?? "–") | \($1.understood ?? "–")" }
        #expect(
          Judgement(realtime) == Judgement(own),
          """
          \(own.testCase.id): \(realtime.reasons.map(\.actual)); own: \(own.reasons.map(\.actual)); \
          understood own | realtime: \(heard)
          """)
        #expect(realtime.evidence.findings.isEmpty, "\(own.testCase.id): \(realtime.evidence.findings)")
        #expect(realtime.evidence.record == nil && !realtime.evidence.isByEar)
      }
      print("realtime: \(cases.count) cases, \(realtime.count { $0.verdict == .passed }) passed: \(cases.map(\.id))")
    }

    @Test("words are told and heard, an interruption is found in the track, and its yield agrees within 20 ms")
    func interruption() throws {
      let result = try SimulatedCalls.realtime(
        [SampleCases.one("interrupt-at-800ms")], at: try TestServer.shared.get())[0]
      let reasons = result.reasons.map { "\($0.expected): \($0.actual)" }
      #expect(result.verdict == .passed, "\(reasons)")
      let tracks = try #require(result.evidence.tracks)
      let measured = try #require(result.metrics.yields.first)
      let byHand = try #require(YieldByHand(voice: tracks.voice, agent: tracks.agent))
      #expect(abs(measured.milliseconds - byHand.milliseconds) <= 20)
      let compared = try #require(result.evidence.comparedWords.last)
      #expect(compared.errors.referenceWords >= 5 && compared.errors.rate <= 0.2, "\(compared)")
    }
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
