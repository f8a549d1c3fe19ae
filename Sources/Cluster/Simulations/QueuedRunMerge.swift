import CallCore
package import CallDriver
import JSON
package import Simulation

/// Puts together what workers made of a run: the reports are those that the submitter alone would have written, as ``MergedRun`` says.
package struct QueuedRunMerge {
  private let queue: any ChunkQueue
  private let id: String
  private let plan: RunPlan
  private let isAskedAgain: (StoreError) -> Bool

  /// - Parameters:
  ///   - id: the run's.
  ///   - plan: of the whole run.
  ///   - isAskedAgain: whether a queue that did not answer is asked once more; it waits as long as there is to wait.
  package init(
    of id: String, in queue: any ChunkQueue, plan: RunPlan,
    isAskedAgain: @escaping (StoreError) -> Bool = { _ in false }
  ) {
    (self.queue, self.id, self.plan, self.isAskedAgain) = (queue, id, plan, isAskedAgain)
  }

  /// Why there is no merged run.
  package enum Fault: Error {
    /// The queue does not answer.
    case queue(StoreError)
    /// A report cannot be read, or is of another run.
    case report(String)
  }

  /// Reads every report that is there. A call that no worker is given any more is invalid and says why; calls that nobody held count as
  /// not held.
  /// - Parameters:
  ///   - setAside: of the run's last count.
  ///   - startedAt: microseconds since 1970 UTC.
  ///   - wall: how long the run took, in microseconds.
  package func merged(
    _ setAside: [QueueCount.SetAside], startedAt: Int64, wall: Int64
  ) throws(Fault) -> MergedRun {
    var chunks: [(name: String, report: ShardReport)] = []
    var place = 0
    while let next = try report(from: place) {
      let name = "the chunk that begins with call \(next.first + 1)"
      do throws(WireFault) { chunks.append((name, try ShardReport(reading: next.report, named: name))) } catch {
        throw .report(error.message)
      }
      place = next.first + 1
    }
    for call in setAside { chunks.append(("call \(call.place + 1)", report(of: call))) }
    do throws(MergedRun.Fault) {
      return try MergedRun(chunks, of: plan, startedAt: startedAt, wall: wall)
    } catch { throw .report(error.description) }
  }

  private func report(from place: Int) throws(Fault) -> (first: Int, report: [UInt8])? {
    while true {
      do throws(StoreError) { return try queue.report(of: id, from: place) } catch {
        guard isAskedAgain(error) else { throw .queue(error) }
      }
    }
  }

  private func report(of call: QueueCount.SetAside) -> ShardReport {
    var part = plan
    part.shard = RunShard(1, of: 1)
    part.places = call.place..<(call.place + 1)
    let why =
      "\(ChunkQueueLimits.lossesMax) workers ended with it, said nothing for the length of a lease or could not hand over its result (\(call.workers)); hold it alone to see why"
    let runner = SimulationRunner(plan: part, callRunner: SetAsideCallRunner(why: why)) { _ in }
    guard let report = ShardReport(runner.run(jobs: 1), of: part, soundFolder: ChunkResult.soundFolder) else {
      preconditionFailure("the plan has a shard")
    }
    return report
  }
}

/// Stands in for a call that no worker is given any more.
private struct SetAsideCallRunner: CallRunner {
  let why: String

  func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    var evidence = CallEvidence(mode: .virtual)
    evidence.failure = .setAside(why)
    return evidence
  }
}
