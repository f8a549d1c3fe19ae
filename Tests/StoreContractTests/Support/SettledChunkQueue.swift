import CallCore
import CallDriver
import Stores

/// A queue of chunks in an empty schema of a real database.
final class SettledChunkQueue: ChunkQueue {
  private let database: PostgresDatabase
  private let queue: PostgresChunkQueue

  init() throws {
    database = try .inFreshSchema { _ in }
    queue = PostgresChunkQueue(database)
  }

  deinit { database.stop() }

  func submit(_ run: QueuedRun) throws(StoreError) -> Bool { try queue.submit(run) }
  func run(_ id: String) throws(StoreError) -> QueuedRun? { try queue.run(id) }
  func take(
    as worker: String, of program: String, except skipped: Set<String>, for lease: CallDuration
  ) throws(StoreError) -> TakenChunk? {
    try queue.take(as: worker, of: program, except: skipped, for: lease)
  }
  func renew(_ chunk: TakenChunk, for lease: CallDuration) throws(StoreError) -> Bool {
    try queue.renew(chunk, for: lease)
  }
  func finish(_ chunk: TakenChunk, with result: ChunkResult) throws(StoreError) -> Bool {
    try queue.finish(chunk, with: result)
  }
  func giveBack(_ chunk: TakenChunk) throws(StoreError) { try queue.giveBack(chunk) }
  func count(_ id: String) throws(StoreError) -> QueueCount? { try queue.count(id) }
  func foreignPrograms(to program: String) throws(StoreError) -> [String: String] {
    try queue.foreignPrograms(to: program)
  }
  func report(of id: String, from place: Int) throws(StoreError) -> (first: Int, report: [UInt8])? {
    try queue.report(of: id, from: place)
  }
  func file(_ name: String, of id: String) throws(StoreError) -> [UInt8]? { try queue.file(name, of: id) }
  func cancel(_ id: String) throws(StoreError) { try queue.cancel(id) }
  func remove(_ id: String) throws(StoreError) { try queue.remove(id) }
}
