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
    @Test("words are told and heard, an interruption is found in the track, and its yield agrees within 20 ms")
    func interruption() throws {
      let result = try SimulatedCalls.realtime(
        [SampleCases.one("interrupt-at-800ms")], at: try TestServer.shared.get())[0]
      let reasons = result.reasons.map { "\($0.expected): \($0.actual)" }
      #expect(result.verdict == .passed, "\(reasons); understood \(result.turns.map { $0.understood ?? "–" })")
      let tracks = try #require(result.evidence.tracks)
      let measured = try #require(result.metrics.yields.first)
      let byHand = try #require(YieldByHand(voice: tracks.voice, agent: tracks.agent))
      #expect(abs(measured.milliseconds - byHand.milliseconds) <= 20)
      let compared = try #require(result.evidence.comparedWords.last)
      #expect(compared.errors.referenceWords >= 5 && compared.errors.rate <= 0.2, "\(compared)")
    }
  }
}
