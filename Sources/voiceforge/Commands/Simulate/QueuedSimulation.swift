import CallCore
import CallDriver
import Cluster
import FoundationEssentials
import Simulation

/// A run whose calls the workers of other machines hold: submits it, shows how far it is, and puts together what came of it.
struct QueuedSimulation {
  private let queue: any ChunkQueue
  private let plan: QueuedRunPlan
  private let run: QueuedRun
  private let isQuiet: Bool

  /// How often the queue is asked how far the run is.
  private static let pollMilliseconds = 500
  /// A queue that says nothing for so long is given up.
  private static let silenceMax = Duration.seconds(600)

  /// - Parameters:
  ///   - chunk: calls that a worker takes at once.
  ///   - program: workers must be the very same.
  /// - Throws: when the calls need more than a queue takes.
  init(_ plan: QueuedRunPlan, chunk: Int, program: ProgramIdentity, in queue: RunQueue, isQuiet: Bool)
    throws(CommandFault)
  {
    (self.plan, self.queue, self.isQuiet) = (plan, queue.chunks, isQuiet)
    run = QueuedRun(
      id: RunQueue.name(), program: "\(program)", callCount: plan.plan.jobs.count, chunkCalls: chunk,
      document: plan.bytes, files: try Self.sounds(of: plan.plan.cases))
  }

  /// Every recording that a case plays, as a WAV file by its path.
  private static func sounds(of cases: [TestCase]) throws(CommandFault) -> [String: [UInt8]] {
    var (sounds, bytes) = ([String: [UInt8]](), 0)
    for path in Set(cases.flatMap(\.recordings)).sorted() {
      do throws(CallFailure) { sounds[path] = WAVFile.bytes(try CaseFiles.sound(at: path)) } catch {
        throw CommandFault("\(error)")
      }
      bytes += sounds[path]?.count ?? 0
    }
    guard bytes <= ChunkQueueLimits.filesBytesMax else {
      throw CommandFault(
        "the recordings of these cases have \(bytes / 1_000_000) MB, and the queue takes \(ChunkQueueLimits.filesBytesMax / 1_000_000): "
          + "run fewer cases at once with --id or --filter, or use --shard")
    }
    return sounds
  }

  /// Puts the run into the queue.
  func submit() throws(CommandFault) {
    guard try ask({ () throws(StoreError) in try queue.submit(run) }) else {
      throw CommandFault(
        "the queue has \(ChunkQueueLimits.runsMax) runs already: wait for one to end; those of submitters that are gone are forgotten after a day",
        .unreachable)
    }
    guard !isQuiet else { return }
    Terminal.errorLine("\(run.callCount) call\(run.callCount == 1 ? "" : "s") in the queue, for voiceforge work")
  }

  /// Waits for the end of the run. Ctrl-C cancels it: what was held until then is put together.
  func result() throws(CommandFault) -> MergedRun {
    let startedAt = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let began = ContinuousClock.now
    let count = try followed()
    let wall = CallDuration(ContinuousClock.now - began).microseconds
    do throws(QueuedRunMerge.Fault) {
      return try QueuedRunMerge(of: run.id, in: queue, plan: plan.plan).merged(
        count.setAside, startedAt: startedAt, wall: wall)
    } catch {
      switch error {
      case .queue(let error): throw CommandFault(queue: error)
      case .report(let why): throw CommandFault("what the workers left cannot be put together: \(why)", .failed)
      }
    }
  }

  private func followed() throws(CommandFault) -> QueueCount {
    var answeredAt = ContinuousClock.now
    var isCancelled = false
    defer { ProgressLine.clear() }
    while true {
      isCancelled = StopSignal.isReceived(within: Self.pollMilliseconds) || isCancelled
      let count: QueueCount?
      do throws(StoreError) {
        if isCancelled { try queue.cancel(run.id) }
        count = try queue.count(run.id)
      } catch {
        guard .now - answeredAt < Self.silenceMax else { throw CommandFault(queue: error) }
        if !isQuiet { ProgressLine.show("waiting for the queue: \(error.why)") }
        continue
      }
      guard let count else { throw CommandFault("the run is not in the queue any more: submit it again", .failed) }
      if count.isOver { return count }
      answeredAt = .now
      show(count)
    }
  }

  private func show(_ count: QueueCount) {
    guard !isQuiet else { return }
    var parts = ["\(count.done) of \(run.callCount) calls"]
    parts.append(count.workers == 0 ? "no worker" : "\(count.workers) worker\(count.workers == 1 ? "" : "s")")
    if count.failed > 0 { parts.append("\(count.failed) failed") }
    if count.invalid > 0 { parts.append("\(count.invalid) invalid") }
    if !count.setAside.isEmpty { parts.append("\(count.setAside.count) set aside") }
    ProgressLine.show(parts.joined(separator: " · "))
  }

  /// A file that a call's report leads to.
  func file(_ name: String) throws(CommandFault) -> [UInt8] {
    guard let bytes = try ask({ () throws(StoreError) in try queue.file(name, of: run.id) }) else {
      throw CommandFault("the queue has no \(name) any more: run it again", .failed)
    }
    return bytes
  }

  /// Takes the run out of the queue, whatever became of it.
  func close() {
    do throws(StoreError) { try queue.remove(run.id) } catch {
      Terminal.errorLine("the run stays in the queue for a day: \(error.why)")
    }
  }

  private func ask<Answer>(_ question: () throws(StoreError) -> Answer) throws(CommandFault) -> Answer {
    do throws(StoreError) { return try question() } catch { throw CommandFault(queue: error) }
  }
}

extension TestCase {
  /// Paths of the recordings that its call plays.
  fileprivate var recordings: [String] {
    let played = turns.compactMap { turn in
      switch turn.action {
      case .play(let file, _): file
      case .hold(let music, _): music
      default: nil
      }
    }
    let worlds = [world] + (vary?.properties.flatMap { $0.values.map(\.world) } ?? [])
    return played
      + worlds.compactMap { world in
        if case .recording(let path) = world.noise?.sort { path } else { nil }
      }
  }
}
