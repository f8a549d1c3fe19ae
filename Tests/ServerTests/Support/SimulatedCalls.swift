import CallClient
import CallCore
import MachineWatch
import SampleCases
import Simulation

/// Runs test cases against a server in real time, and in virtual time with the same seeds.
enum SimulatedCalls {
  /// Calls at once when live, as `voiceforge simulate --live` holds them.
  static let jobs = 20
  /// Runs at most, when the machine is too busy to let the callers keep time.
  private static let tries = 3

  /// What the callers say is synthesised once for both kinds of run.
  private static let shared = SharedSpeech(engines: TestEngines.catalog)

  static func virtual(_ cases: [TestCase]) throws -> [CaseResult] {
    let agent = BuiltInAgent(flows: try TestFlows.library())
    let callRunner = VirtualCallRunner(agent: agent, shared: shared) { path throws(CallFailure) in
      throw noRecording(path)
    }
    return run(cases, .virtual, with: callRunner, jobs: 2)
  }

  /// What was held up is run again.
  static func live(_ cases: [TestCase], at office: TestServer) throws -> [CaseResult] {
    let callRunner = LiveCallRunner(
      url: office.callURL, loop: try SpokenCalls.loop.get(), shared: shared, today: BuiltInAgent.usualToday
    ) { path throws(CallFailure) in throw noRecording(path) }
    var results: [CaseResult] = []
    return try OnTime.run(tries: tries) {
      let wanted = results.isEmpty ? Array(cases.indices) : results.indices.filter { results[$0].wasHeldUp }
      let run = run(wanted.map { cases[$0] }, .live, with: callRunner, jobs: jobs)
      guard !results.isEmpty else {
        results = run
        return results
      }
      for (index, again) in zip(wanted, run) { results[index] = again }
      return results
    } wasHeldUp: {
      $0.contains(where: \.wasHeldUp)
    }
  }

  private static func run(
    _ cases: [TestCase], _ mode: RunMode, with callRunner: any CallRunner, jobs: Int
  ) -> [CaseResult] {
    var plan = RunPlan(cases: cases, mode: mode, seed: 1)
    plan.keepsTracks = true
    return SimulationRunner(plan: plan, callRunner: callRunner) { _ in }.run(jobs: jobs).results
  }

  private static func noRecording(_ path: String) -> CallFailure { .callerEngine("no recordings here: \(path)") }
}

extension CaseResult {
  /// Whether the machine was too busy, so that the call says nothing: over 1 % of the caller's frames left late (the bound of
  /// `WorldChecks.latePercentMax`), or the server took no more calls.
  var wasHeldUp: Bool {
    if case .refused(code: "503", message: _) = evidence.failure { return true }
    return evidence.lateFrames * 100 > evidence.sentFrames
  }
}
