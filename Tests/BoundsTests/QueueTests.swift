import Bounds
import TestSupport
import Testing

@Suite("A queue")
struct QueueTests {
  @Test("memory follows what waits, however much has passed through, and is given back when all is done")
  func memory() {
    var queue = Queue<Int>()
    for number in 0..<10 { queue.append(number) }
    var placesMax = 0
    for number in 10..<100_000 {
      queue.append(number)
      #expect(queue.first == number - 10)
      _ = queue.popFirst()
      placesMax = max(placesMax, queue.places)
    }
    #expect(placesMax <= 2 * Queue<Int>.keptPlaces, "ten wait at any time")
    for number in 0..<50_000 { queue.append(number) }
    while queue.popFirst() != nil {}
    #expect(queue.count == 0 && queue.places <= Queue<Int>.keptPlaces)
  }

  @Test("first in, first out, with any mixture of adding and taking")
  func order() {
    var random = SeededGenerator(seed: 11)
    var queue = Queue<Int>()
    var (added, taken) = (0, 0)
    for _ in 0..<20_000 {
      let isGrowing = (added / 500).isMultiple(of: 2)
      if Int.random(in: 0..<10, using: &random) < (isGrowing ? 7 : 3) {
        queue.append(added)
        added += 1
      } else if let work = queue.popFirst() {
        #expect(work == taken)
        taken += 1
      } else {
        #expect(added == taken)
        added += 1
        queue.append(added - 1)
      }
      #expect(queue.count == added - taken)
    }
    #expect(taken > 5000)
  }
}
