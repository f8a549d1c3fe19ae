import CallCore
import Testing

@Suite("Words said and words heard, side by side")
struct WordAlignmentTests {
  @Test("Each word finds its place, and the counts are those of the rate")
  func oneOfEach() {
    let said = "I want to book 7 tables for Ada"
    let heard = "I want a book please seven tables for"
    let words = WordErrorRate.alignment(reference: said, heard: heard)
    #expect(
      words == [
        .same("i"), .same("want"), .substituted(said: "to", heard: "a"), .same("book"), .inserted("please"),
        .same("7"), .same("tables"), .same("for"), .deleted("ada"),
      ])
    let rate = WordErrorRate(reference: said, heard: heard)
    #expect([rate.substitutions, rate.deletions, rate.insertions, rate.referenceWords] == [1, 1, 1, 8])
  }

  @Test(
    "what recognisers write as two words is one, whatever else stands in the text",
    arguments: ["good-bye", "Good bye."])
  func compounds(heard: String) {
    #expect(WordErrorRate.words(of: "Thank you, \(heard)") == ["thank", "you", "goodbye"])
    #expect(WordErrorRate.words(of: "Café, \(heard)") == ["café", "goodbye"])
    #expect(WordErrorRate.words(of: "to-morrow at 7") == ["tomorrow", "at", "seven"])
  }

  @Test("Nothing said or nothing heard leaves only one kind of step")
  func empty() {
    #expect(WordErrorRate.alignment(reference: "", heard: "").isEmpty)
    #expect(WordErrorRate.alignment(reference: "yes please", heard: "") == [.deleted("yes"), .deleted("please")])
    #expect(WordErrorRate.alignment(reference: "", heard: "hm") == [.inserted("hm")])
  }

  @Test("Both texts can be read off the steps, whatever they are")
  func complete() {
    let words = ["a", "b", "c"]
    for seed in 0..<400 {
      let said = (0..<(seed % 6)).map { words[(seed / 7 + $0 * $0) % 3] }
      let heard = (0..<(seed / 6 % 6)).map { words[(seed / 5 + $0 * seed) % 3] }
      let steps = WordErrorRate.alignment(reference: said.joined(separator: " "), heard: heard.joined(separator: " "))
      #expect(steps.compactMap(Self.said) == said)
      #expect(steps.compactMap(Self.heard) == heard)
    }
  }

  private static func said(_ step: AlignedWord) -> String? {
    switch step {
    case .same(let word), .deleted(let word), .substituted(let word, _): word
    case .inserted: nil
    }
  }

  private static func heard(_ step: AlignedWord) -> String? {
    switch step {
    case .same(let word), .inserted(let word), .substituted(_, let word): word
    case .deleted: nil
    }
  }

  @Test("A text in plain ASCII has the same words as one that is not")
  func ascii() {
    for text in ["Don't  book 7 or 42,", "x'7 007 100 9a; 'tis", "", "...", "A\r\nB\t20"] {
      let other = text + " \u{2026}"  // a mark that is no word and not in ASCII
      #expect(WordErrorRate.words(of: text) == WordErrorRate.words(of: other))
    }
    #expect(WordErrorRate.words(of: "Don't  book 7 or 42,") == ["dont", "book", "seven", "or", "forty", "two"])
  }
}
