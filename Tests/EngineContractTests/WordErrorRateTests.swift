import CallCore
import Testing

@Suite("Word error rate")
struct WordErrorRateTests {
  @Test(
    "counts substitutions, deletions and insertions",
    arguments: [
      ("red green blue", "red green blue", [0, 0, 0]), ("red green blue", "red greed blue", [1, 0, 0]),
      ("red green blue", "red blue", [0, 1, 0]), ("red green blue", "red green and blue", [0, 0, 1]),
      ("", "hello", [0, 0, 1]), ("hello there", "", [0, 2, 0]), ("a b c d", "b c x d e", [0, 1, 2]),
    ])
  func counts(said: String, heard: String, expected: [Int]) {
    let errors = WordErrorRate(reference: said, heard: heard)
    #expect([errors.substitutions, errors.deletions, errors.insertions] == expected)
  }

  @Test("makes equal what sounds equal")
  func normalisation() {
    #expect(WordErrorRate(reference: "Don't call 42, call 7!", heard: "dont CALL forty-two call seven").errors == 0)
    #expect(WordErrorRate.words(of: "It\u{2019}s 100 %") == ["its", "100"])
    #expect(WordErrorRate.words(of: "007") == ["007"])
  }

  @Test("adds up by words, not by sentences")
  func sum() {
    let total = WordErrorRate(reference: "a b c", heard: "a b c") + WordErrorRate(reference: "d", heard: "e")
    #expect(total.rate == 0.25)
  }
}
