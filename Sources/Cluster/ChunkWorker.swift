package import CallCore
package import CallDriver
package import JSON
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
    /// The queue does not answer; it is asked again.
    case away(String)
  }

  private struct State {
    var isStopped = false
    /// Of the chunk that is held.
    var runner: SimulationRunner?
    /// The run that was taken from last: the next chunk is probably of it, too.
    var run: (id: String, plan: QueuedRunPlan, engines: Engines)?
    /// Runs that were told as refused, so that each is told once.
    var refused: Set<String> = []
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

  /// - Parameters:
  ///   - name: unique among all workers that ever were.
  ///   - program: as submitters of the very same program name it.
  ///   - lease: after which the chunk of a worker that says nothing is another's.
  ///   - jobs: calls at once, 1 and up.
  ///   - pause: how often an idle worker asks, and a worker that waits for the queue.
  ///   - engines: what holds the calls of a run; `files` are those that the run brought.
  ///   - tell: called on the worker's thread.
  package init(
    queue: any ChunkQueue, name: String, program: String, lease: CallDuration, jobs: Int,
    pause: Duration = .milliseconds(500),
    engines: @escaping @Sendable (QueuedRunPlan, _ files: [String: [UInt8]]) -> Engines,
    tell: @escaping @Sendable (News) -> Void
  ) {
    (self.queue, self.name, self.program, self.lease, self.jobs) = (queue, name, program, lease, jobs)
    (self.pause, self.engines, self.tell) = (pause, engines, tell)
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
  /// - Throws: what a run's document cannot be read for; its chunk was given back.
  package func work() throws(WireFault) {
    while !stopped.wait(within: .zero) {
      do throws(Trouble) {
        if try workOnce() { continue }
        try refuseForeign()
      } catch {
        switch error {
        case .away(let why): tell(.away(why))
        case .unreadable(let fault): throw fault
        }
      }
      _ = stopped.wait(within: pause)
    }
  }

  /// Why a chunk could not be worked on.
  package enum Trouble: Error {
    /// The queue does not answer.
    case away(String)
    /// The run's document is damaged.
    case unreadable(WireFault)
  }

  /// Takes one chunk and holds its calls.
  /// - Returns: false when there is none.
  package func workOnce() throws(Trouble) -> Bool {
    guard let chunk = try ask({ () throws(StoreError) in try queue.take(as: name, of: program, for: lease) }) else {
      return false
    }
    let keeper = LeaseKeeper(chunk, of: queue, for: lease) { [self] in state.withLock { $0.runner }?.stop() }
    defer { keeper.end() }
    guard let run = try opened(chunk) else { return true }
    guard let result = hold(chunk, run.plan, run.engines) else {
      giveBack(chunk)
      return true
    }
    finish(chunk, result)
    return true
  }

  private func ask<Answer>(_ question: () throws(StoreError) -> Answer) throws(Trouble) -> Answer {
    do throws(StoreError) { return try question() } catch { throw .away(error.why) }
  }

  /// The run of a chunk; `nil` when it was removed meanwhile.
  private func opened(_ chunk: TakenChunk) throws(Trouble) -> (id: String, plan: QueuedRunPlan, engines: Engines)? {
    if let known = state.withLock({ $0.run }), known.id == chunk.run { return known }
    guard let queued = try ask({ () throws(StoreError) in try queue.run(chunk.run) }) else { return nil }
    do throws(WireFault) {
      let plan = try QueuedRunPlan(reading: queued.document)
      let run = (id: chunk.run, plan: plan, engines: engines(plan, queued.files))
      state.withLock { $0.run = run }
      return run
    } catch {
      giveBack(chunk)
      throw .unreadable(error)
    }
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

  /// Hands the result over; while the queue is away, again and again until the worker is stopped.
  private func finish(_ chunk: TakenChunk, _ result: ChunkResult) {
    while true {
      do throws(StoreError) {
        let isKept = try queue.finish(chunk, with: result)
        return tell(isKept ? .finished(chunk, failed: result.failed, invalid: result.invalid) : .lost(chunk))
      } catch {
        tell(.away(error.why))
        // Whoever takes the chunk after its lease holds the calls again.
        if stopped.wait(within: pause) { return }
      }
    }
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

  private func refuseForeign() throws(Trouble) {
    let foreign = try ask { () throws(StoreError) in try queue.foreignPrograms(to: program) }
    let new = state.withLock { state in
      let new = foreign.filter { !state.refused.contains($0.key) }
      state.refused = Set(foreign.keys)
      return new
    }
    for (run, program) in new.sorted(by: { $0.key < $1.key }) { tell(.refused(run: run, program: program)) }
  }
}

extension StoreError {
  /// One sentence without an end.
  fileprivate var why: String {
    switch self {
    case .unavailable(let why): why
    case .badCursor(let cursor): "\(cursor) is no cursor"
    }
  }
}
