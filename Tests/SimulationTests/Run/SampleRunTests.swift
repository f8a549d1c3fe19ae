import CallCore
import SampleCases
import Simulation
import Testing

@Suite("The sample cases, in virtual time with the real engines", .serialized)
struct SampleRunTests {
  @Test("Every sample case passes, and every bad agent fails by its own check", arguments: [RunMode.virtual, .text])
  func samples(mode: RunMode) throws {
    let cases = try SampleCalls.cases()
    #expect(cases.count >= 12)
    let callRunner = mode == .text ? VirtualCallRunner(textWith: try SampleCalls.agent()) : try SampleCalls.virtual()
    let run = SampleCalls.run(RunPlan(cases: cases, mode: mode, seed: 1), with: callRunner)
    #expect(run.results.count == cases.count)
    for result in run.results {
      let reasons = result.reasons.map { "\($0.kind): expected \($0.expected), got \($0.actual)" }
      #expect(result.verdict == .passed, "\(result.testCase.id): \(reasons); again: \(result.replay)")
    }
  }

  @Test("There is a bad agent for each fault, and each fails by another check")
  func badAgents() throws {
    let bad = try SampleCalls.cases().filter { $0.mustFail != nil }
    #expect(Set(bad.compactMap(\.agent.fault)) == Set(TestAgent.Fault.allCases))
    for testCase in bad {
      var good = testCase
      good.mustFail = nil
      let result = try SampleCalls.result(of: good)
      #expect(result.verdict == .failed, "\(testCase.id)")
      #expect(result.reasons.first?.kind == testCase.mustFail, "\(testCase.id): \(result.reasons.map(\.kind))")
      good.agent.fault = nil
      #expect(try SampleCalls.result(of: good).verdict == .passed, "\(testCase.id) with a good agent")
    }
  }

  @Test("In the calls for the media plane the agent talks nearly all the time, and no speech of the caller is found")
  func mediaPlane() throws {
    let (flows, cases) = try SampleCases.load()
    let callRunner = VirtualCallRunner(agent: BuiltInAgent(flows: flows), shared: SampleCalls.shared) {
      path throws(CallFailure) in throw .callerEngine("no recordings here: \(path)")
    }
    let run = SampleCalls.run(RunPlan(cases: cases, mode: .virtual, seed: 1), with: callRunner)
    for result in run.results {
      #expect(result.verdict == .passed, "\(result.testCase.id): \(result.reasons)")
      let talking = result.evidence.agentSpeech.reduce(CallDuration.zero) { $0 + $1.duration }
      #expect(talking * 100 > result.evidence.duration * 70)
      #expect(result.evidence.record?.transcript.contains { $0.role == .caller } == false)
    }
    #expect(run.results.contains { $0.testCase.id == "media-plane" })
  }
}
