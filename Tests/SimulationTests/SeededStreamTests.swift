import Simulation
import Testing

@Suite("Seeded luck")
struct SeededStreamTests {
  @Test("One seed and name give the same numbers, another name gives others")
  func names() {
    var first = SeededStream(seed: 7, "loss")
    var same = SeededStream(seed: 7, "loss")
    var other = SeededStream(seed: 7, "jitter")
    let numbers = (0..<100).map { _ in first.next() }
    #expect(numbers == (0..<100).map { _ in same.next() })
    #expect(numbers != (0..<100).map { _ in other.next() })
  }

  @Test("A share is drawn about as often as asked", arguments: [0, 1, 50, 500, 1000])
  func shares(permille: Int) {
    var stream = SeededStream(seed: 1, "share")
    let hits = (0..<100_000).count { _ in stream.draws(permille, outOf: 1000) }
    #expect(abs(hits - permille * 100) <= 500)
  }

  @Test("Numbers stay in their range and reach both ends")
  func ranges() {
    var stream = SeededStream(seed: 3, "range")
    let numbers = Set((0..<1000).map { _ in stream.number(in: -3...4) })
    #expect(numbers == Set(-3...4))
  }
}
