import CallCore
import CallDriver
import Threads

/// Renews the lease of one chunk on a thread of its own, four times in its length, for as long as the chunk is held.
final class LeaseKeeper: Sendable {
  private let queue: any ChunkQueue
  private let chunk: TakenChunk
  private let lease: CallDuration
  private let lose: @Sendable () -> Void
  private let ended = Latch()
  private let isOver = Latch()

  /// - Parameter lose: called once when the chunk is not the worker's any more.
  init(
    _ chunk: TakenChunk, of queue: any ChunkQueue, for lease: CallDuration, lose: @escaping @Sendable () -> Void
  ) {
    (self.chunk, self.queue, self.lease, self.lose) = (chunk, queue, lease, lose)
    // Without another thread nobody renews, and a chunk that takes longer than its lease is lost.
    do throws(Thread.Failure) { try Thread.startDetached("chunk-lease") { [self] in renew() } } catch { isOver.open() }
  }

  /// Renews no more, and returns when nothing is under way.
  func end() {
    ended.open()
    isOver.wait()
  }

  private func renew() {
    defer { isOver.open() }
    while !ended.wait(until: .after(microseconds: UInt64(lease.microseconds / 4))) {
      let isHeld: Bool
      // While the queue is away it is asked again; until somebody else looks, the chunk stays the worker's.
      do throws(StoreError) { isHeld = try queue.renew(chunk, for: lease) } catch { continue }
      guard isHeld else { return lose() }
    }
  }
}
