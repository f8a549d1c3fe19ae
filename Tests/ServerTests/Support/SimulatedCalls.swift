import CallClient
import CallCore
import CallDriver
import SampleCases
import Simulation
import Testing
import Threads
import Wires

/// Runs test cases against a server in real time, and in virtual time with the same seeds.
enum SimulatedCalls {
  /// Calls at once when live, as `voiceforge simulate --live` holds them.
  static let jobs = 20
  /// Runs at most, when callers do not keep time.
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

  /// What was held up is run again; what was held up every time stays so, and says nothing. The test is skipped when nothing else is left.
  static func live(_ cases: [TestCase], at server: TestServer) throws -> [CaseResult] {
    try live(
      cases,
      with: LiveCallRunner(
        url: server.callURL, loop: try SpokenCalls.loop.get(), shared: shared, today: BuiltInAgent.usualToday
      ) { path throws(CallFailure) in throw noRecording(path) })
  }

  /// The same over the Realtime wire: each case's flow is the model.
  static func realtime(_ cases: [TestCase], at server: TestServer) throws -> [CaseResult] {
    let target = BotTarget(wire: .realtime, url: "ws\(server.url.dropFirst(4))/v1/realtime")
    return try live(
      cases,
      with: BotCallRunner(target, loop: try SpokenCalls.loop.get(), shared: shared) { path throws(CallFailure) in
        throw noRecording(path)
      })
  }

  private static func live(_ cases: [TestCase], with callRunner: any CallRunner) throws -> [CaseResult] {
    var results = run(cases, .live, with: callRunner, jobs: jobs)
    for left in (0..<tries - 1).reversed() {
      let heldUp = results.indices.filter { results[$0].wasHeldUp }
      guard !heldUp.isEmpty else { break }
      print("held up: \(heldUp.map { cases[$0].id }): \(left) more")
      let again = run(heldUp.map { cases[$0] }, .live, with: callRunner, jobs: jobs)
      for (index, result) in zip(heldUp, again) { results[index] = result }
    }
    if results.allSatisfy(\.wasHeldUp) { try Test.cancel("the calls were held up in every run") }
    return results
  }

  /// One case over each of these wires at once, the server as the bot.
  static func telephony(_ testCase: TestCase, _ wires: [CallWire], at server: TestServer) throws -> [CaseResult] {
    let loop = try SpokenCalls.loop.get()
    let results = Locked([CallWire: CaseResult]())
    let pool = WorkerPool(threadCount: wires.count)
    for wire in wires {
      let url = "ws\(server.url.dropFirst(4))/\(wire.rawValue)/stream"
      let callRunner = BotCallRunner(BotTarget(wire: wire, url: url), loop: loop, shared: shared) {
        path throws(CallFailure) in throw noRecording(path)
      }
      let isTaken = pool.submit(.waitedFor) {
        let result = run([testCase], .live, with: callRunner, jobs: 1)[0]
        results.withLock { $0[wire] = result }
      }
      precondition(isTaken, "a new pool takes one piece of work for each of its threads")
    }
    pool.finish()
    return results.withLock { results in wires.compactMap { results[$0] } }
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
