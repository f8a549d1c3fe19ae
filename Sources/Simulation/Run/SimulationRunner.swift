public import CallCore
public import CallDriver
import Threads

/// Runs many cases at once. The results do not depend on how many run at once, nor on their order in time.
public final class SimulationRunner: Sendable {
  private struct State {
    var next = 0
    var results: [CaseResult?]
    var progress: RunProgress
    var isStopped = false
  }

  private let plan: RunPlan
  private let jobs: [RunPlan.Job]
  private let callRunner: any CallRunner
  private let caseRunner: CaseRunner
  private let state: Locked<State>
  private let store: (@Sendable (inout CaseResult) -> Bool)?
  private let tell: @Sendable (RunProgress) -> Void

  /// Most calls of one run.
  public static let jobsMax = 100_000

  /// - Parameters:
  ///   - plan: what to run; at most `jobsMax` calls.
  ///   - callRunner: holds the calls.
  ///   - judge: asks a language model about what cases leave to it; `nil`: such cases are invalid unless they fail.
  ///   - meaning: for what is to be similar in meaning.
  ///   - store: given each call when it is over, on the thread that held it, to put its sound where it belongs: one that stays in
  ///     `tracks` takes memory until the run is over. False: no further call is begun. `nil`: everything stays.
  ///   - tell: called when a call begins or ends, from the thread that holds it, one at a time.
  public init(
    plan: RunPlan, callRunner: any CallRunner, judge: ModelJudge? = nil, meaning: (any MeaningComparer)? = nil,
    store: (@Sendable (inout CaseResult) -> Bool)? = nil, tell: @escaping @Sendable (RunProgress) -> Void
  ) {
    self.plan = plan
    self.callRunner = callRunner
    caseRunner = CaseRunner(plan: plan, judge: judge, meaning: meaning)
    self.store = store
    self.tell = tell
    jobs = plan.jobs
    state = Locked(State(results: Array(repeating: nil, count: jobs.count), progress: RunProgress(all: jobs.count)))
  }

  /// Begins no further call; those that are under way go on to their end.
  public func stop() { state.withLock { $0.isStopped = true } }

  /// Runs everything.
  /// - Parameter jobs: calls at once, 1 and up; the calling thread waits.
  public func run(jobs count: Int) -> SimulationRun {
    let pool = WorkerPool(threadCount: max(1, min(count, jobs.count)))
    for _ in 0..<max(1, min(count, jobs.count)) {
      let isTaken = pool.submit(.waitedFor) { [self] in while runNext() {} }
      precondition(isTaken, "a new pool takes one piece of work for each of its threads")
    }
    pool.finish()
    var run = SimulationRun(seed: plan.seed, mode: plan.mode, target: plan.target, repeats: plan.repeats)
    let results = state.withLock { $0.results }
    run.results = results.compactMap(\.self)
    let left = zip(jobs, results).filter { $1 == nil }.map(\.0)
    (run.notRun, run.notRunPlaces) = (left.map(\.testCase.id), left.map(\.place))
    return run
  }

  /// - Returns: false when there is nothing left to begin.
  private func runNext() -> Bool {
    let begun: (index: Int, progress: RunProgress)? = state.withLock { state in
      guard !state.isStopped, state.next < jobs.count else { return nil }
      state.next += 1
      state.progress.running += 1
      return (state.next - 1, state.progress)
    }
    guard let (index, progress) = begun else { return false }
    tell(progress)
    var result = caseRunner.result(of: jobs[index], call: callRunner.call)
    result.place = jobs[index].place
    let goesOn = store?(&result) ?? true
    let after = state.withLock { state in
      state.results[index] = result
      state.progress.add(result)
      if !goesOn || (plan.stopsAtFirstFailure && result.verdict != .passed) { state.isStopped = true }
      return state.progress
    }
    tell(after)
    return true
  }
}

/// Holds one call of a run, blocking until it is over. Safe to use from several threads at once.
public protocol CallRunner: Sendable {
  /// - Returns: the evidence; what kept the call from coming about is its `failure`.
  func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence
}

/// How far a run is.
public struct RunProgress: Sendable {
  /// Calls of the run.
  public var all: Int
  /// Calls that are over.
  public var done = 0
  /// Calls under way.
  public var running = 0
  /// Those of `done` that failed, and those that are invalid.
  public var failed = 0
  /// See `failed`.
  public var invalid = 0

  mutating func add(_ result: CaseResult) {
    running -= 1
    done += 1
    failed += result.verdict == .failed ? 1 : 0
    invalid += result.verdict == .invalid ? 1 : 0
  }
}
