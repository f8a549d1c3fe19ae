import CallCore
import Simulation
import Testing

@Suite("Disfluencies")
struct DisfluencyDrawerTests {
  private static let line: [SpokenPiece] = [
    .words("Hello, I would like to book a table for four people."), .pause(.milliseconds(500)), .filler("er"),
    .words("On Friday at"), .lengthened("seven"), .words("in the evening, please."),
  ]
  private static let allKinds = rates(20)

  private static func rates(_ percent: Int) -> DisfluencyRates {
    var rates = DisfluencyRates()
    rates.fillers = percent
    rates.repetitions = percent
    rates.restarts = percent
    rates.lengthenings = percent
    rates.pauses = percent
    return rates
  }

  private static func drawn(_ rates: DisfluencyRates, seed: UInt64, turn: Int = 1) -> [SpokenPiece] {
    DisfluencyDrawer(rates: rates, seed: seed).draw(line, turn: turn)
  }

  @Test("Whatever is drawn, the caller means the same, word for word, and ends on it", arguments: [3, 20, 60, 100])
  func meaning(percent: Int) {
    let rates = Self.rates(percent)
    for seed in 0..<1000 as Range<UInt64> {
      let drawn = Self.drawn(rates, seed: seed)
      #expect(drawn.meaning == Self.line.meaning, "seed \(seed)")
      for (piece, next) in zip(drawn, drawn.dropFirst()) {
        if case .words = piece, case .words = next { Issue.record("words in two pieces, seed \(seed)") }
        if case .pause = piece, case .pause = next { Issue.record("two pauses in a row, seed \(seed)") }
      }
      switch drawn.last {
      case .words, .lengthened: break
      default: Issue.record("ends with \(String(describing: drawn.last)), seed \(seed)")
      }
    }
  }

  @Test("The same seed stumbles in the same way, another seed or turn in another")
  func seeds() {
    let first = Self.drawn(Self.allKinds, seed: 7)
    #expect(first == Self.drawn(Self.allKinds, seed: 7))
    #expect(first != Self.drawn(Self.allKinds, seed: 8))
    #expect(first != Self.drawn(Self.allKinds, seed: 7, turn: 2))
  }

  @Test("A fluent caller says what is written")
  func fluent() {
    #expect(Self.drawn(DisfluencyRates(), seed: 1) == Self.line)
  }

  @Test("Another rate of one kind leaves the others where they were")
  func independence() {
    for seed in 0..<200 as Range<UInt64> {
      var more = Self.allKinds
      more.pauses = 90
      more.restarts = 0
      let before = Self.drawn(Self.allKinds, seed: seed)
      let after = Self.drawn(more, seed: seed)
      #expect(Self.fillers(before) == Self.fillers(after))
      #expect(Self.lengthened(before) == Self.lengthened(after))
    }
  }

  @Test("A higher rate keeps the fillers of a lower one")
  func nested() {
    for seed in 0..<200 as Range<UInt64> {
      var few = DisfluencyRates()
      few.fillers = 10
      var many = few
      many.fillers = 40
      let more = Self.fillers(Self.drawn(many, seed: seed))
      for place in Self.fillers(Self.drawn(few, seed: seed)) { #expect(more.contains(place)) }
    }
  }

  @Test("Each kind comes about as often as asked")
  func frequency() {
    let words = Self.line.meaning.split(separator: " ").count
    var counts = [0, 0, 0, 0, 0]
    let lines = 5000
    for seed in 0..<UInt64(lines) {
      for (index, change) in Self.changes.enumerated() {
        var rates = DisfluencyRates()
        change(&rates)
        counts[index] += Self.added(Self.drawn(rates, seed: seed))
      }
    }
    let places = [words, words, 1, words, words - 1].map { $0 * lines }
    // A pause that is drawn beside the written one is left out: one place in a line; the written long word stays long.
    let shares = zip(counts, places).map { Double($0) / Double($1) }
    let open = [1, 1, 1, Double(words - 1) / Double(words), Double(words - 2) / Double(words - 1)]
    for (share, open) in zip(shares, open) {
      #expect(abs(share - 0.2 * open) < 0.02, "\(shares)")
    }
  }

  @Test("Pauses are as long as asked")
  func pauses() {
    var rates = DisfluencyRates()
    rates.pauses = 100
    rates.pauseMin = .milliseconds(50)
    rates.pauseMax = .milliseconds(80)
    for piece in Self.drawn(rates, seed: 3) {
      guard case .pause(let length) = piece, length != .milliseconds(500) else { continue }
      #expect(length >= .milliseconds(50) && length <= .milliseconds(80))
    }
  }

  @Test("A restart breaks off what is then said in full, and never a whole sentence")
  func restarts() {
    var rates = DisfluencyRates()
    rates.restarts = 100
    for seed in 0..<100 as Range<UInt64> {
      let drawn = DisfluencyDrawer(rates: rates, seed: seed).draw([.words("Yes. I want to order a cake.")], turn: 1)
      #expect(drawn.count == 3)
      #expect([.stumble("I"), .stumble("I want"), .stumble("I want to")].contains(drawn[1]))
      #expect(drawn.last == .words("I want to order a cake."))
    }
  }

  private static let changes: [@Sendable (inout DisfluencyRates) -> Void] = [
    { $0.fillers = 20 }, { $0.repetitions = 20 }, { $0.restarts = 20 }, { $0.lengthenings = 20 }, { $0.pauses = 20 },
  ]

  /// How much more there is of all that is no plain word than in the line as it is written.
  private static func added(_ drawn: [SpokenPiece]) -> Int { odd(drawn) - odd(line) }

  private static func odd(_ pieces: [SpokenPiece]) -> Int {
    pieces.count { if case .words = $0 { false } else { true } }
  }

  /// Each filler with the number of words before it.
  private static func fillers(_ pieces: [SpokenPiece]) -> [String] {
    pieces.indices.compactMap { index in
      guard case .filler(let filler) = pieces[index] else { return nil }
      return "\(filler) after \(pieces[..<index].meaning)"
    }
  }

  private static func lengthened(_ pieces: [SpokenPiece]) -> [String] {
    pieces.indices.compactMap { index in
      guard case .lengthened(let word) = pieces[index] else { return nil }
      return "\(word) after \(pieces[..<index].meaning)"
    }
  }
}
