import CallCore
import CallDriver
import Cluster
import FoundationEssentials
import Simulation

/// A run whose calls the workers of other machines hold: submits it, shows how far it is, and puts together what came of it. Used by one
/// thread.
final class QueuedSimulation {
  private let queue: any ChunkQueue
  private let plan: QueuedRunPlan
  private let run: QueuedRun
  private let isQuiet: Bool
  private let wait: QueueWait
  /// Whether the queue has nothing of the run any more.
  private var isGone = false
  /// Where nobody looks at a terminal, how far the run is stands in a line of its own so often.
  private static let linePeriod = Duration.seconds(60)
  private var nextLine = ContinuousClock.now

  /// - Parameters:
  ///   - id: of a run that was left in the queue; `nil`: a new one.
  ///   - chunk: calls that a worker takes at once.
  ///   - program: workers must be the very same.
  /// - Throws: when the calls need more than a queue takes.
  init(
    _ plan: QueuedRunPlan, id: String?, chunk: Int, program: ProgramIdentity, in queue: RunQueue, isQuiet: Bool
  ) throws(CommandFault) {
    (self.plan, self.queue, self.isQuiet) = (plan, queue.chunks, isQuiet)
    wait = QueueWait(isQuiet: isQuiet)
    run = QueuedRun(
      id: id ?? RunQueue.name(), program: "\(program)", callCount: plan.plan.jobs.count, chunkCalls: chunk,
      document: plan.bytes, files: try SentSounds.files(of: plan.plan.cases))
  }

  /// Puts the run into the queue. An answer that is lost is asked for once more.
  func submit() throws(CommandFault) {
    let isTaken: Bool
    do throws(StoreError) {
      do throws(StoreError) { isTaken = try queue.submit(run) } catch {
        wait.pause()
        isTaken = try queue.submit(run)
      }
    } catch {
      let fault = CommandFault(queue: error)
      // Both may have come through, and nobody would wait for the run. One that stays is passed over in a minute, and forgotten in a day.
      do throws(StoreError) { try queue.remove(run.id) } catch { throw fault }
      throw fault
    }
    guard isTaken else {
      throw CommandFault(
        "the queue has \(ChunkQueueLimits.runsMax) runs already: wait for one to end; those of submitters that are gone are forgotten after a day",
        .unreachable)
    }
    guard !isQuiet else { return }
    Terminal.errorLine("\(run.callCount) call\(run.callCount == 1 ? "" : "s") in the queue, for voiceforge work")
    Terminal.errorLine("run \(run.id)")
  }

  /// Finds the run that was left in the queue.
  /// - Throws: when it is not there, or is of other cases, options or flows.
  func find() throws(CommandFault) {
    let left = try wait.ask { () throws(StoreError) in try queue.run(run.id) }
    guard let left else {
      throw CommandFault("the queue has no run \(run.id): runs are forgotten a day after their submitter left", .failed)
    }
    guard left.document == run.document else {
      throw CommandFault(
        "run \(run.id) is of other cases, flows or options: give the same as when it was submitted, with --collect beside them"
      )
    }
  }

  /// Waits for the end of the run. Ctrl-C cancels it: what was held until then is put together.
  func result() throws(CommandFault) -> MergedRun {
    let startedAt = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let began = ContinuousClock.now
    let count = try followed()
    let wall = CallDuration(ContinuousClock.now - began).microseconds
    StopSignal.unblock()
    let merge = QueuedRunMerge(of: run.id, in: queue, plan: plan.plan) { [wait] in wait.isAskedAgain(after: $0) }
    do throws(QueuedRunMerge.Fault) {
      return try merge.merged(count.setAside, startedAt: startedAt, wall: wall)
    } catch {
      switch error {
      case .queue(let error): throw CommandFault(queue: error)
      case .report(let why): throw CommandFault("what the workers left cannot be put together: \(why)", .failed)
      }
    }
  }

  private func followed() throws(CommandFault) -> QueueCount {
    defer { ProgressLine.clear() }
    while true {
      let count = try wait.ask { () throws(StoreError) in
        if wait.isCancelled { try queue.cancel(run.id) }
        return try queue.count(run.id)
      }
      guard let count else {
        isGone = true
        throw CommandFault("the run is not in the queue any more: submit it again", .failed)
      }
      if count.isOver { return count }
      show(count)
      wait.pause()
    }
  }

  private func show(_ count: QueueCount) {
    guard !isQuiet else { return }
    var parts = ["\(count.done) of \(run.callCount) calls"]
    parts.append(
      count.workers == 0 ? "no worker of \(run.program)" : "\(count.workers) worker\(count.workers == 1 ? "" : "s")")
    if count.failed > 0 { parts.append("\(count.failed) failed") }
    if count.invalid > 0 { parts.append("\(count.invalid) invalid") }
    if !count.setAside.isEmpty { parts.append("\(count.setAside.count) set aside") }
    let text = parts.joined(separator: " · ")
    guard !TerminalOutput.errors.isTerminal else { return ProgressLine.show(text) }
    guard .now >= nextLine else { return }
    nextLine = .now + Self.linePeriod
    Terminal.errorLine(text)
  }

  /// A file that a call's report leads to.
  func file(_ name: String) throws(CommandFault) -> [UInt8] {
    guard let bytes = try wait.ask({ () throws(StoreError) in try queue.file(name, of: run.id) }) else {
      throw CommandFault("the queue has no \(name) any more: run it again", .failed)
    }
    return bytes
  }

  /// Takes the run out of the queue once its reports are written.
  func close() {
    do throws(StoreError) { try queue.remove(run.id) } catch {
      Terminal.errorLine("the run stays in the queue for a day: \(error.why)")
    }
  }

  /// Leaves the run in the queue, because what came of it is written nowhere yet, and says how to get it.
  func leave() {
    guard !isGone else { return }
    Terminal.errorLine(
      "the run stays in the queue for a day: give the same command with --collect \(run.id) to go on with it")
  }
}
