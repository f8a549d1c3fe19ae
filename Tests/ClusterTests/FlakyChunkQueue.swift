import CallCore
import CallDriver
import TestSupport
import Threads

/// A queue whose every third question gets no answer: of these, one in two was done all the same, as when a connection breaks behind the
/// question.
final class FlakyChunkQueue: ChunkQueue {
  private let queue: MemoryChunkQueue
  private let questions = Locked(0)

  init(_ queue: MemoryChunkQueue) { self.queue = queue }

  private func ask<Answer>(_ question: () -> Answer) throws(StoreError) -> Answer {
    let number = questions.withLock { questions in
      questions += 1
      return questions
    }
    guard number.isMultiple(of: 3) else { return question() }
    if number.isMultiple(of: 2) { _ = question() }
    throw .unavailable("question \(number)")
  }

  func submit(_ run: QueuedRun) throws(StoreError) -> Bool { try ask { queue.submit(run) } }
  func run(_ id: String) throws(StoreError) -> QueuedRun? { try ask { queue.run(id) } }
  func take(
    as worker: String, of program: String, except skipped: Set<String>, for lease: CallDuration
  ) throws(StoreError) -> TakenChunk? {
    try ask { queue.take(as: worker, of: program, except: skipped, for: lease) }
  }
  func renew(_ chunk: TakenChunk, for lease: CallDuration) throws(StoreError) -> Bool {
    try ask { queue.renew(chunk, for: lease) }
  }
  func finish(_ chunk: TakenChunk, with result: ChunkResult) throws(StoreError) -> Bool {
    try ask { queue.finish(chunk, with: result) }
  }
  func giveBack(_ chunk: TakenChunk) throws(StoreError) { try ask { queue.giveBack(chunk) } }
  func count(_ id: String) throws(StoreError) -> QueueCount? { try ask { queue.count(id) } }
  func foreignPrograms(to program: String) throws(StoreError) -> [String: String] {
    try ask { queue.foreignPrograms(to: program) }
  }
  func report(of id: String, from place: Int) throws(StoreError) -> (first: Int, report: [UInt8])? {
    try ask { queue.report(of: id, from: place) }
  }
  func file(_ name: String, of id: String) throws(StoreError) -> [UInt8]? { try ask { queue.file(name, of: id) } }
  func cancel(_ id: String) throws(StoreError) { try ask { queue.cancel(id) } }
  func remove(_ id: String) throws(StoreError) { try ask { queue.remove(id) } }
}
