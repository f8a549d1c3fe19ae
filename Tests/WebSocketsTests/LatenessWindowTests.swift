import Testing
import WebSockets

@Suite("How late ticks were over the last looks")
struct LatenessWindowTests {
  /// Counts with so many ticks up to 100 µs, so many of 10 to 20 ms and so many beyond the last class.
  static func counts(fast: Int, slow: Int = 0, beyond: Int = 0) -> [Int] {
    var counts = [Int](repeating: 0, count: LoopLoad.latenessClassEnds.count + 1)
    counts[0] = fast
    counts[7] = slow
    counts[counts.count - 1] = beyond
    return counts
  }

  @Test("quantiles lie in the class that holds them, and none is taken for zero")
  func quantiles() {
    var window = LatenessWindow(lookCount: 4)
    #expect(window.lateness(ofShare: 0.99) == 0)
    window.add(Self.counts(fast: 0))
    #expect(window.lateness(ofShare: 0.99) == 0)
    window.add(Self.counts(fast: 90, slow: 10))
    #expect(window.tickCount == 100)
    #expect(window.lateness(ofShare: 0.45) == 50)
    #expect(window.lateness(ofShare: 0.95) == 15_000)
    #expect(window.lateness(ofShare: 0.99) == 19_000)
    window.add(Self.counts(fast: 90, slow: 10, beyond: 900))
    #expect(window.lateness(ofShare: 0.5) == LoopLoad.latenessClassEnds.last)
  }

  @Test("what is older than the looks that count is forgotten")
  func forgets() {
    var window = LatenessWindow(lookCount: 2)
    window.add(Self.counts(fast: 0))
    window.add(Self.counts(fast: 0, slow: 100))
    window.add(Self.counts(fast: 10, slow: 100))
    #expect(window.tickCount == 110)
    #expect(window.lateness(ofShare: 0.99) > 10_000)
    window.add(Self.counts(fast: 30, slow: 100))
    #expect(window.tickCount == 30)
    #expect(window.lateness(ofShare: 0.99) < 100)
  }
}
