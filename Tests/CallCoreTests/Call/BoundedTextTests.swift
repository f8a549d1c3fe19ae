import CallCore
import Testing

/// One `Character` holds any number of combining marks: limits count Unicode scalars.
@Suite("Texts of combining marks stay within their limits")
struct BoundedTextTests {
  private static let marks = String(repeating: "\u{301}", count: 5_000)

  @Test("the first scalars of a text")
  func bounded() {
    #expect("abc".bounded(to: 5) == "abc" && "abc".bounded(to: 2) == "ab" && "".bounded(to: 0).isEmpty)
    var pieces = BoundedText("ab", charactersMax: 4)
    for piece in ["", "c", "de", "f"] { pieces.append(piece) }
    #expect(pieces.text == "abcd")
    #expect("a\(Self.marks)".bounded(to: 3) == "a\u{301}\u{301}")
    #expect("a\(Self.marks)".scalarCount == 5_001)
  }

  @Test("more marks than any script piles on a letter are left out; emoji and flags stay whole")
  func piledMarks() {
    #expect("e\(Self.marks)x".bounded(to: 9_000) == "e" + String(repeating: "\u{301}", count: 8) + "x")
    var pieces = BoundedText("e", charactersMax: 9_000)
    for _ in 0..<20 { pieces.append("\u{301}") }
    #expect(pieces.text == "e" + String(repeating: "\u{301}", count: 8), "also of marks that come one by one")
    for text in ["👩‍👩‍👧‍👦", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "นี้", "क्षि", "שָׁלוֹם"] {
      #expect(text.bounded(to: 100) == text)
    }
  }

  @Test(
    "sentences are short, and hold all that was given", arguments: ["a\(marks)", marks + " b", "one a\(marks) two."])
  func sentences(text: String) {
    let sentences = SentenceSplitter.sentences(of: text)
    #expect(sentences.allSatisfy { $0.scalarCount <= 300 })
    // Marks without a letter say nothing.
    let kept = sentences.joined().unicodeScalars.count { $0.properties.isAlphabetic }
    #expect(kept == text.unicodeScalars.count { $0.properties.isAlphabetic })
  }

  @Test("a word without blanks is cut behind its marks or at the limit, and nothing of it is left out")
  func longWord() {
    let word = String(repeating: "こんにちは、", count: 120)
    let sentences = SentenceSplitter.sentences(of: word)
    #expect(sentences.joined() == word && sentences.count > 1)
    #expect(sentences.allSatisfy { $0.scalarCount <= 300 && $0.hasSuffix("、") })
    let plain = String(repeating: "x", count: 1_000)
    #expect(SentenceSplitter.sentences(of: plain).joined() == plain)
  }

  @Test("a heard text and a slot hold no more than their limits")
  func slots() throws {
    let text = "a" + Self.marks
    #expect(UtteranceWords(text).joined.scalarCount <= 1_000)
    let value = try #require(SlotKind.text.value(said: text, today: nil))
    #expect(value.scalarCount <= 1_000)
  }
}
