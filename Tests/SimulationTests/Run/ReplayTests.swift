import CallCore
import Simulation
import Testing
import Threads

@Suite("The same seed gives the same call", .serialized)
struct ReplayTests {
  private func plan(seed: UInt64) throws -> RunPlan {
    let ids = ["disfluent", "interrupt-at-800ms", "lossy", "cafe", "street", "telephone", "slow-network"]
    var cases = try ids.map(SampleCalls.testCase)
    for index in cases.indices { cases[index].seed = nil }
    var plan = RunPlan(cases: cases, mode: .virtual, seed: seed)
    plan.keepsTracks = true
    return plan
  }

  @Test("Two runs, on one thread and on two, with cold caches and warm ones: every byte of reports and sound")
  func twice() throws {
    let warm = SampleCalls.run(try plan(seed: 11), with: try SampleCalls.virtual(), jobs: 2)
    let cold = SampleCalls.run(
      try plan(seed: 11), with: try SampleCalls.virtual(shared: SharedSpeech(engines: SampleCalls.engines)), jobs: 1)
    #expect(JSONReport.bytes(of: warm) == JSONReport.bytes(of: cold))
    for (one, other) in zip(warm.results, cold.results) {
      #expect(one.evidence.tracks == other.evidence.tracks, "\(one.testCase.id)")
      #expect(one.evidence.notices == other.evidence.notices, "\(one.testCase.id)")
      #expect(one.evidence.record == other.evidence.record, "\(one.testCase.id)")
    }
  }

  @Test("A result's seed replays it alone")
  func alone() throws {
    let run = SampleCalls.run(try plan(seed: 5), with: try SampleCalls.virtual())
    for result in run.results {
      var plan = RunPlan(cases: [result.testCase], mode: .virtual, seed: 999)
      plan.caseSeed = result.seed
      plan.keepsTracks = true
      let again = SampleCalls.run(plan, with: try SampleCalls.virtual(), jobs: 1).results[0]
      #expect(again.evidence.tracks == result.evidence.tracks, "\(result.testCase.id)")
      #expect(result.replay.contains("--case-seed \(result.seed)"))
    }
  }

  @Test("Sound is put away call by call, and when that fails no further call is begun")
  func keeping() throws {
    let kept = Locked<[String]>([])
    let plan = RunPlan(cases: try ["disfluent", "lossy", "cafe"].map(SampleCalls.testCase), mode: .text, seed: 1)
    let runner = SimulationRunner(
      plan: plan, callRunner: VirtualCallRunner(textWith: try SampleCalls.agent()),
      store: { result in
        result.evidence.outline = SoundOutline(CallTracks())
        return kept.withLock { names in
          names.append(result.fileName)
          return names.count < 2
        }
      }, tell: { _ in })
    let run = runner.run(jobs: 1)
    #expect(kept.withLock { $0 } == ["disfluent", "lossy"])
    #expect(run.results.map(\.testCase.id) == ["disfluent", "lossy"] && run.notRun == ["cafe"])
    #expect(run.results.allSatisfy { $0.evidence.outline != nil })
  }

  @Test("Another seed stumbles elsewhere")
  func otherSeed() throws {
    var testCase = try SampleCalls.testCase("disfluent")
    testCase.seed = nil
    let first = SampleCalls.run(
      RunPlan(cases: [testCase], mode: .text, seed: 1), with: VirtualCallRunner(textWith: try SampleCalls.agent()))
    let second = SampleCalls.run(
      RunPlan(cases: [testCase], mode: .text, seed: 2), with: VirtualCallRunner(textWith: try SampleCalls.agent()))
    #expect(first.results[0].turns.map(\.spoken) != second.results[0].turns.map(\.spoken))
    #expect(first.results[0].turns.map(\.said) == second.results[0].turns.map(\.said))
  }
}
