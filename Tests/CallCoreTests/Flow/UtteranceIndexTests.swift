import CallCore
import Testing

@Suite("Flow: thousands of patterns in one line")
struct UtteranceIndexTests {
  /// The largest question that a flow may ask.
  private func intents(_ phrases: Int = 100, _ pattern: (Int, Int) -> String) -> [FlowIntent] {
    (0..<50).map { i in
      FlowIntent("i\(i)", hear: (0..<phrases).compactMap { UtterancePattern(pattern(i, $0)) }, then: .go("there"))
    }
  }

  private func steps(_ intents: [FlowIntent], _ text: String) -> Int {
    let heard = UtteranceIndex(UtteranceWords(text))
    for intent in intents {
      for pattern in intent.patterns { #expect(pattern.length(in: heard) == 0 && !pattern.isNearly(in: heard)) }
    }
    return heard.steps
  }

  @Test("Expressions and phrases at all limits take a bounded number of steps")
  func bounded() {
    let expressions = intents(20) { "/a\($0)[a-z]*b\($1)c.*d?e+f|g(h|i)j\($1)/" }
    #expect(steps(expressions, String(repeating: "a ", count: 490)) < 10_000)
    let blind = intents(20) { "/[a-c]*[b-d]{\($0 % 9 + 1)}[a-d]{\($1 % 20 + 1)}z/" }
    #expect(steps(blind, String(repeating: "abcd", count: 240)) <= UtteranceIndex.stepsMax + 2_000)
    let phrases = intents { "abcdef ghijkl mnop\($0) q\($1) rstuvw" }
    #expect(steps(phrases, String(repeating: "a ", count: 490)) < 20_000)
    let alike = intents { "abcdefx\($0)y\($1)" }
    #expect(steps(alike, String(repeating: "abcdeghiz ", count: 99)) <= 2 * UtteranceIndex.stepsMax)
  }

  @Test(
    "Of thousands the right one is found",
    arguments: [
      ("/order (no )?x I y K/", "please, order no x49y19 now", "i49"),
      ("order xIyK now", "please, order X 49 Y 19 now", "i49"), ("I x K parcel", "30x7parzel", "i30"),
    ])
  func found(pattern: String, words: String, state: String) {
    let intents = (0..<50).map { i in
      let hear = (0..<20).compactMap { k in
        UtterancePattern(pattern.map { $0 == "I" ? "\(i)" : $0 == "K" ? "\(k)" : "\($0)" }.joined())
      }
      return FlowIntent("i\(i)", hear: hear, then: .go("i\(i)"))
    }
    var harness = FlowHarness.begun([listen("menu", "What?", intents: intents)] + (0..<50).map { end("i\($0)") })
    harness.handle(.said(words))
    #expect(harness.machine.currentState == state)
  }

  /// What was looked for word by word before.
  private func isFound(_ phrase: [String], in words: [String]) -> Bool {
    phrase.count <= words.count
      && (0...(words.count - phrase.count)).contains { words[$0..<($0 + phrase.count)].elementsEqual(phrase) }
  }

  private func isNearlyFound(_ phrase: [String], in words: [String]) -> Bool {
    let wanted = Array(phrase.joined().utf8)
    guard wanted.count >= 6 else { return false }
    let slips = wanted.count >= 12 ? 2 : 1
    for count in max(1, phrase.count - 1)...(phrase.count + 1) where count <= words.count {
      for start in 0...(words.count - count) {
        let found = Array(words[start..<(start + count)].joined().utf8)
        if found.first == wanted.first, distance(found, wanted) <= slips { return true }
      }
    }
    return false
  }

  /// The whole table, without a limit.
  private func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var best = min(rows[i][j] + (left[i] == right[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }

  @Test("The same is found as by comparing every word", arguments: 0..<40)
  func same(seed: UInt64) throws {
    var random = Congruence(state: seed)
    func word() -> String {
      let letters = Array("aabé")
      return String(
        (0..<Int.random(in: 1...4, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
    }
    for _ in 0..<60 {
      let words = (0..<Int.random(in: 1...14, using: &random)).map { _ in word() }
      let phrase = (0..<Int.random(in: 1...4, using: &random)).map { _ in word() }
      let pattern = try #require(UtterancePattern(phrase.joined(separator: " ")))
      let heard = UtteranceIndex(UtteranceWords(words.joined(separator: " ")))
      #expect(pattern.length(in: heard) == (isFound(phrase, in: words) ? phrase.count : 0), "\(phrase) in \(words)")
      #expect(pattern.isNearly(in: heard) == isNearlyFound(phrase, in: words), "\(phrase) nearly in \(words)")
      let (left, right) = (Array(phrase.joined().utf8), Array(words.joined().utf8))
      for limit in 0...3 {
        let found = EditDistance.of(left, right, atMost: limit)
        #expect(found == distance(left, right) || (found > limit && distance(left, right) > limit))
      }
    }
  }
}

/// Knuth's linear congruential generator: the same words in every run.
private struct Congruence: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}
