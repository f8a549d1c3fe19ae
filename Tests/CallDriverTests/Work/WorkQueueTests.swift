import CallDriver
import Testing
import TestSupport

@Suite("The queue of a pool")
struct WorkQueueTests {
  private static func work(_ number: Int) -> QueuedWork {
    QueuedWork(kind: .other, urgency: .soon, since: UInt64(number)) {}
  }

  @Test("memory follows what waits, however much has passed through, and is given back when all is done")
  func memory() {
    var queue = WorkQueue()
    for number in 0..<10 { queue.append(Self.work(number)) }
    var placesMax = 0
    for number in 10..<100_000 {
      queue.append(Self.work(number))
      #expect(queue.oldest == UInt64(number - 10))
      _ = queue.removeFirst()
      placesMax = max(placesMax, queue.places)
    }
    #expect(placesMax <= 4 * WorkQueue.keptPlaces, "ten wait at any time")
    for number in 0..<50_000 { queue.append(Self.work(number)) }
    while queue.removeFirst() != nil {}
    #expect(queue.count == 0 && queue.places <= WorkQueue.keptPlaces)
  }

  @Test("first in, first out, with any mixture of adding and taking")
  func order() {
    var random = SeededGenerator(seed: 11)
    var queue = WorkQueue()
    var (added, taken) = (0, 0)
    for _ in 0..<20_000 {
      let isGrowing = (added / 500).isMultiple(of: 2)
      if Int.random(in: 0..<10, using: &random) < (isGrowing ? 7 : 3) {
        queue.append(Self.work(added))
        added += 1
      } else if let work = queue.removeFirst() {
        #expect(work.since == UInt64(taken))
        taken += 1
      } else {
        #expect(added == taken)
        added += 1
        queue.append(Self.work(added - 1))
      }
      #expect(queue.count == added - taken)
    }
    #expect(taken > 5000)
  }
}
