import CallCore
import Simulation
import Testing

@Suite("A thousand seeds of one case, without sound")
struct ManySeedsTests {
  @Test("Every call ends, and holds what every call must hold")
  func seeds() throws {
    var testCase = try SampleCalls.testCase("disfluent")
    testCase.seed = nil
    var plan = RunPlan(cases: [testCase], mode: .text, seed: 1)
    plan.repeats = 1000
    let began = ContinuousClock.now
    let run = SampleCalls.run(plan, with: VirtualCallRunner(textWith: try SampleCalls.agent()))
    print("1,000 calls without sound: \(began.duration(to: .now))")
    #expect(run.results.count == 1000)
    #expect(Set(run.results.map { $0.turns.map(\.spoken) }).count > 800)
    for result in run.results {
      let evidence = result.evidence
      #expect(result.verdict != .invalid, "\(result.replay): \(result.reasons)")
      #expect(evidence.record?.reason != nil, "\(result.replay)")
      #expect(evidence.failure == nil, "\(result.replay)")
      #expect(result.turns.map(\.said) == run.results[0].turns.map(\.said), "\(result.replay)")
      #expect(isOrdered(evidence.agentSpeech), "\(result.replay): the agent talks over itself")
      #expect(isOrdered(evidence.acts.map { SpeechSpan(start: $0.began, end: $0.ended) }), "\(result.replay)")
      #expect(evidence.agentSpeech.allSatisfy { $0.end <= .zero + evidence.duration }, "\(result.replay)")
      #expect(result.metrics.turnsReached <= result.metrics.turnsWritten, "\(result.replay)")
    }
  }

  private func isOrdered(_ spans: [SpeechSpan]) -> Bool {
    zip(spans, spans.dropFirst()).allSatisfy { $0.end <= $1.start }
  }
}
