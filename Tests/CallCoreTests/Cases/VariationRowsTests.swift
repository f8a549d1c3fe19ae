import CallCore
import Testing

@Suite("Test cases: attempts that vary")
struct VariationRowsTests {
  /// Those of which each is one figure of a case; a caller of the library is many.
  private static let properties = CaseVariation.Property.allCases.filter { $0 != .caller }

  private static func variation(_ choice: CaseVariation.Choice, _ counts: [Int]) -> CaseVariation {
    CaseVariation(
      choice,
      zip(properties, counts).map { property, count in
        CaseVariation.Values(property, (0..<count).map { CaseVariation.Value(label: "\($0)") })
      })
  }

  private static func rows(_ choice: CaseVariation.Choice, _ counts: [Int], attempts: Int? = nil) -> [[Int]] {
    let rows = VariationRows(variation(choice, counts))
    return (1...(attempts ?? rows.count ?? 1)).map { rows.row(ofAttempt: $0) { _, _ in 0 } }
  }

  @Test(
    "pairs: any two values of two properties meet, in far fewer rows than there are combinations",
    arguments: [
      ([2, 2], 4), ([3, 2], 6), ([2, 2, 2], 5), ([3, 3, 3], 12), ([4, 3, 2, 2, 2], 15), ([3, 3, 3, 3, 3, 3, 3, 3], 24),
      ([1, 1, 4], 4), ([1], 1), ([5], 5), ([20, 20], 400),
    ])
  func pairs(counts: [Int], most: Int) {
    let rows = Self.rows(.pairs, counts)
    #expect(rows.count <= most, "\(rows.count) rows")
    #expect(rows.allSatisfy { $0.count == counts.count && zip($0, counts).allSatisfy { (0..<$1).contains($0) } })
    for first in counts.indices {
      for second in counts.indices where second > first {
        let met = Set(rows.map { [$0[first], $0[second]] })
        #expect(met.count == counts[first] * counts[second], "properties \(first) and \(second)")
      }
    }
    if counts.count == 1 { #expect(Set(rows.map { $0[0] }).count == counts[0]) }
  }

  @Test("all: every combination comes once before the first comes again")
  func all() {
    let rows = Self.rows(.all, [3, 2, 4], attempts: 48)
    #expect(Set(rows.prefix(24)).count == 24)
    #expect(rows.prefix(24) == rows.suffix(24))
  }

  @Test("random: each property is drawn by its name, with as many values as it has")
  func random() {
    let rows = VariationRows(Self.variation(.drawn, [3, 2]))
    var asked: [CaseVariation.Property: Int] = [:]
    let row = rows.row(ofAttempt: 7) { property, count in
      asked[property] = count
      return count - 1
    }
    #expect(row == [2, 1])
    #expect(asked == [.voice: 3, .rate: 2])
    #expect(rows.count == nil)
  }

  @Test("A stored property without values varies nothing", arguments: CaseVariation.Choice.allCases)
  func empty(choice: CaseVariation.Choice) {
    var testCase = TestCase(id: "x", agent: TestAgent(flow: "f"), turns: [TestTurn(number: 1, action: .hangUp)])
    testCase.vary = Self.variation(choice, [0, 2])
    let row = VariationRows(testCase.vary).row(ofAttempt: 2) { _, count in count - 1 }
    #expect(testCase.varied(by: row).varied.map(\.property) == [.rate])
  }

  @Test("An attempt has the values of its row and nothing else is changed; a case without `vary` stays as it is")
  func varied() {
    var testCase = TestCase(id: "x", agent: TestAgent(flow: "f"), turns: [TestTurn(number: 1, action: .hangUp)])
    #expect(testCase.varied(by: []) == testCase)
    testCase.world.level = -3
    var low = CaseVariation.Value(label: "heart-low")
    low.caller.voice = "heart-low"
    var other = CaseVariation.Value(label: "espeak:en-us")
    other.caller.voice = "espeak:en-us"
    var noisy = CaseVariation.Value(label: "sort pink, snr 20")
    noisy.world.noise = CallWorld.Noise(sort: .pink, ratio: 20)
    testCase.vary = CaseVariation(
      .all, [.init(.voice, [low, other]), .init(.noise, [CaseVariation.Value(label: "none"), noisy])])
    let varied = testCase.varied(by: [1, 1])
    #expect(varied.caller.voice == "espeak:en-us")
    #expect(varied.world.noise == noisy.world.noise)
    #expect(varied.world.level == -3)
    #expect(varied.varied.map(\.label) == ["espeak:en-us", "sort pink, snr 20"])
    #expect(varied.varied(by: [0, 0]).world.noise == nil)
  }
}
