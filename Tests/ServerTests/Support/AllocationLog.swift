import CAllocationCounter
import Synchronization

/// The heap allocations that one thread has made in all, noted once a frame. Noting allocates nothing.
final class AllocationLog: @unchecked Sendable {
  // Unchecked: an entry is written once, before the count that covers it is stored.
  private static let capacity = 20_000
  private let totals = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
  private let noted = Atomic<Int>(0)

  deinit { totals.deallocate() }

  var count: Int { noted.load(ordering: .acquiring) }

  func increment() {
    let index = noted.load(ordering: .relaxed)
    guard index < Self.capacity else { return }
    totals[index] = allocations_of_this_thread()
    noted.store(index + 1, ordering: .releasing)
  }

  /// Allocations from each note to the next.
  func perFrame(from start: Int, count: Int) -> [Int] {
    (start..<min(start + count, self.count - 1)).map { totals[$0 + 1] - totals[$0] }
  }
}
