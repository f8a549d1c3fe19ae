import CallCore
import CallDriver
import TestSupport

/// A queue that has no room for any result.
final class FullChunkQueue: ChunkQueue {
  private let queue: MemoryChunkQueue

  init(_ queue: MemoryChunkQueue) { self.queue = queue }

  func finish(_ chunk: TakenChunk, with result: ChunkResult) throws(StoreError) -> Bool {
    throw .unavailable("the disk is full")
  }

  func submit(_ run: QueuedRun) -> Bool { queue.submit(run) }
  func run(_ id: String) -> QueuedRun? { queue.run(id) }
  func take(
    as worker: String, of program: String, except skipped: Set<String>, for lease: CallDuration
  ) -> TakenChunk? {
    queue.take(as: worker, of: program, except: skipped, for: lease)
  }
  func renew(_ chunk: TakenChunk, for lease: CallDuration) -> Bool { queue.renew(chunk, for: lease) }
  func giveBack(_ chunk: TakenChunk) { queue.giveBack(chunk) }
  func count(_ id: String) -> QueueCount? { queue.count(id) }
  func foreignPrograms(to program: String) -> [String: String] { queue.foreignPrograms(to: program) }
  func report(of id: String, from place: Int) -> (first: Int, report: [UInt8])? { queue.report(of: id, from: place) }
  func file(_ name: String, of id: String) -> [UInt8]? { queue.file(name, of: id) }
  func cancel(_ id: String) { queue.cancel(id) }
  func remove(_ id: String) { queue.remove(id) }
}
