import CallCore
import CallServer
import Testing

@Suite("Tokens that are good once")
struct OneTimeTokensTests {
  private static func time(_ seconds: Int) -> Timestamp { .zero + .seconds(seconds) }

  @Test("a token is good once, until it is too old, and for what it was made for")
  func once() {
    var tokens = OneTimeTokens<String>(prefix: "x_", countMax: 3)
    let (a, b) = (tokens.make(for: "a", until: Self.time(10)), tokens.make(for: "b"))
    #expect(a.hasPrefix("x_") && a.count == 66 && a != b)
    #expect(tokens.use(a, at: Self.time(9)) == "a" && tokens.use(a, at: Self.time(9)) == nil)
    #expect(tokens.use(b, at: .zero, where: { $0 == "a" }) == nil, "left as it is")
    #expect(tokens.use(b, at: Self.time(1_000_000), where: { $0 == "b" }) == "b")
    let late = tokens.make(for: "c", until: Self.time(10))
    #expect(tokens.use(late, at: Self.time(10)) == nil && tokens.count == 0)
    for wrong in ["", "x_", a + "0", String(repeating: "x", count: 100_000)] {
      #expect(tokens.use(wrong, at: .zero) == nil)
    }
  }

  @Test("the oldest token makes room, and what is taken back is gone")
  func bounded() {
    var tokens = OneTimeTokens<Int>(countMax: 3)
    let made = (0..<4).map { tokens.make(for: $0) }
    #expect(tokens.count == 3 && tokens.use(made[0], at: .zero) == nil)
    tokens.removeAll { $0 == 2 }
    #expect(made.map { tokens.use($0, at: .zero) } == [nil, 1, nil, 3])
  }

  @Test("the tokens themselves are nowhere in memory that is kept of them")
  func sealed() {
    var tokens = OneTimeTokens<Int>(countMax: 3)
    let token = tokens.make(for: 1)
    #expect(!"\(String(reflecting: tokens))".contains(token.prefix(16)))
  }
}
