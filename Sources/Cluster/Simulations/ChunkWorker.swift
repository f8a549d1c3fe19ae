package import CallCore
package import CallDriver
import JSON
package import Simulation
import Threads

/// Takes chunks of runs from a queue and holds their calls, one chunk after the other. A call is held as the submitter would hold it: what
/// comes of it depends on the run and the program alone.
package final class ChunkWorker: Sendable {
  /// What holds the calls of one run.
  package struct Engines: Sendable {
    let runner: any CallRunner
    let meaning: (any MeaningComparer)?

    /// - Parameter meaning: for what is to be similar in meaning.
    package init(runner: any CallRunner, meaning: (any MeaningComparer)?) {
      (self.runner, self.meaning) = (runner, meaning)
    }
  }

  /// What a worker's log is told.
  package enum News: Sendable, Equatable {
    /// The calls are held, and their result is kept.
    case finished(TakenChunk, failed: Int, invalid: Int)
    /// The lease was over, or the run was cancelled: the calls count for nothing.
    case lost(TakenChunk)
    /// The worker stops, and another one holds the calls.
    case givenBack(TakenChunk)
    /// A run of another program waits, which this worker cannot take.
    case refused(run: String, program: String)
    /// What a run's workers are told cannot be read: its calls are left to others.
    case unreadable(run: String, why: String)
    /// The queue does not answer; it is asked again.
    case away(String)
    /// The queue took no result of the chunk for `ChunkQueueLimits.finishMax`; the chunk counts as lost.
    case unkept(TakenChunk, why: String)
  }

  private struct State {
    var isStopped = false
    /// Of the chunk that is held.
    var runner: SimulationRunner?
    /// The run that was taken from last: the next chunk is probably of it, too.
    var run: (id: String, plan: QueuedRunPlan, engines: Engines)?
    /// Runs that were told as refused, so that each is told once.
    var refused: Set<String> = []
    /// Runs that cannot be read, at most `ChunkQueueLimits.runsMax`.
    var unreadable: Set<String> = []
  }

  private let queue: any ChunkQueue
  private let name: String
  private let program: String
  private let lease: CallDuration
  private let jobs: Int
  private let engines: @Sendable (QueuedRunPlan, _ files: [String: [UInt8]]) -> Engines
  private let tell: @Sendable (News) -> Void
  private let state = Locked(State())
  private let stopped = Latch()

  /// See `init`.
  private let pause: Duration
  private let finishMax: CallDuration

  /// - Parameters:
  ///   - name: unique among all workers that ever were.
  ///   - program: as submitters of the very same program name it.
  ///   - lease: after which the chunk of a worker that says nothing is another's.
  ///   - jobs: calls at once, 1 and up.
  ///   - pause: how often an idle worker asks, and a worker that waits for the queue.
  ///   - finishMax: how long a result is offered to a queue that does not take it.
  ///   - engines: what holds the calls of a run; `files` are those that the run brought.
  ///   - tell: called on the worker's thread.
  package init(
    queue: any ChunkQueue, name: String, program: String, lease: CallDuration, jobs: Int,
    pause: Duration = .milliseconds(500), finishMax: CallDuration = ChunkQueueLimits.finishMax,
    engines: @escaping @Sendable (QueuedRunPlan, _ files: [String: [UInt8]]) -> Engines,
    tell: @escaping @Sendable (News) -> Void
  ) {
    (self.queue, self.name, self.program, self.lease, self.jobs) = (queue, name, program, lease, jobs)
    (self.pause, self.finishMax, self.engines, self.tell) = (pause, finishMax, engines, tell)
  }

  /// Begins no further call and gives the chunk back, from any thread. Calls that are under way go on to their end.
  package func stop() {
    let runner = state.withLock { state in
      state.isStopped = true
      return state.runner
    }
    stopped.open()
    runner?.stop()
  }

  /// Works until it is stopped.
  package func work() {
    while !stopped.wait(within: .zero) {
      do throws(StoreError) {
        if try workOnce() { continue }
        try refuseForeign()
      } catch {
        tell(.away(error.why))
      }
      _ = stopped.wait(within: pause)
    }
  }

  /// Takes one chunk and holds its calls.
  /// - Returns: false when there is none.
  /// - Throws: when the queue does not answer.
  package func workOnce() throws(StoreError) -> Bool {
    let skipped = state.withLock { $0.unreadable }
    guard let chunk = try queue.take(as: name, of: program, except: skipped, for: lease) else { return false }
    let keeper = LeaseKeeper(chunk, of: queue, for: lease) { [self] in state.withLock { $0.runner }?.stop() }
    defer { keeper.end() }
    guard let run = try opened(chunk) else { return true }
    guard let result = hold(chunk, run.plan, run.engines) else {
      giveBack(chunk)
      return true
    }
    finish(chunk, result, keeper)
    return true
  }

  /// The run of a chunk; `nil` when it was removed meanwhile, or cannot be read: then its chunk was given back.
  private func opened(
    _ chunk: TakenChunk
  ) throws(StoreError) -> (id: String, plan: QueuedRunPlan, engines: Engines)? {
    if let known = state.withLock({ $0.run }), known.id == chunk.run { return known }
    guard let queued = try queue.run(chunk.run) else { return nil }
    do throws(WireFault) {
      let plan = try QueuedRunPlan(reading: queued.document)
      let run = (id: chunk.run, plan: plan, engines: engines(plan, queued.files))
      state.withLock { $0.run = run }
      return run
    } catch {
      skip(chunk.run, for: error)
      try queue.giveBack(chunk)
      return nil
    }
  }

  /// Takes no more of a run that cannot be read.
  private func skip(_ run: String, for fault: WireFault) {
    let isNew = state.withLock { state in
      if state.unreadable.count >= ChunkQueueLimits.runsMax { state.unreadable.removeAll() }
      return state.unreadable.insert(run).inserted
    }
    if isNew { tell(.unreadable(run: run, why: fault.message)) }
  }

  /// - Returns: `nil` when not every call was held.
  private func hold(_ chunk: TakenChunk, _ run: QueuedRunPlan, _ engines: Engines) -> ChunkResult? {
    let plan = run.plan(of: chunk)
    let runner = SimulationRunner(plan: plan, callRunner: engines.runner, meaning: engines.meaning) { _ in }
    let isBegun = state.withLock { state in
      guard !state.isStopped else { return false }
      state.runner = runner
      return true
    }
    guard isBegun else { return nil }
    let held = runner.run(jobs: jobs)
    state.withLock { $0.runner = nil }
    return held.notRun.isEmpty ? ChunkResult(held, of: plan) : nil
  }

  /// Hands the result over; while the queue does not take it, again and again for `finishMax` or until the worker is stopped.
  private func finish(_ chunk: TakenChunk, _ result: ChunkResult, _ keeper: LeaseKeeper) {
    let deadline = Deadline.after(microseconds: UInt64(finishMax.microseconds))
    var isTold = false
    while true {
      do throws(StoreError) {
        let isKept = try queue.finish(chunk, with: result)
        return tell(isKept ? .finished(chunk, failed: result.failed, invalid: result.invalid) : .lost(chunk))
      } catch {
        guard !deadline.isOver else { return lose(chunk, keeper, why: error.why) }
        if !isTold { tell(.away(error.why)) }
        isTold = true
        // Whoever takes the chunk after its lease holds the calls again.
        if stopped.wait(within: pause) { return }
      }
    }
  }

  /// Ends the lease at once, so that the chunk counts as lost: a call whose result no worker can hand over is set aside, too.
  private func lose(_ chunk: TakenChunk, _ keeper: LeaseKeeper, why: String) {
    keeper.end()
    tell(.unkept(chunk, why: why))
    do throws(StoreError) { _ = try queue.renew(chunk, for: .zero) } catch { tell(.away(error.why)) }
  }

  /// A chunk that was lost is nobody's to be given back, and stays where it is.
  private func giveBack(_ chunk: TakenChunk) {
    let isStopped = state.withLock { $0.isStopped }
    do throws(StoreError) {
      try queue.giveBack(chunk)
      tell(isStopped ? .givenBack(chunk) : .lost(chunk))
    } catch {
      tell(.away(error.why))
    }
  }

  private func refuseForeign() throws(StoreError) {
    let foreign = try queue.foreignPrograms(to: program)
    let new = state.withLock { state in
      let new = foreign.filter { !state.refused.contains($0.key) }
      state.refused = Set(foreign.keys)
      return new
    }
    for (run, program) in new.sorted(by: { $0.key < $1.key }) { tell(.refused(run: run, program: program)) }
  }
}
