import CallCore
import TestSupport
import Testing

@Suite("Speech: texts are said as people say them")
struct TextNormalizerTests {
  @Test("Texts of agents and programs", arguments: FieldTexts.all)
  func fieldTexts(written: String, said: String) {
    #expect(TextNormalizer.spoken(written) == said)
  }

  @Test("Every kind of text", arguments: NormalizedTexts.all)
  func kinds(written: String, said: String) {
    #expect(TextNormalizer.spoken(written) == said)
  }

  @Test("Texts that can be read in more than one way", arguments: AmbiguousTexts.all)
  func ambiguous(written: String, said: String) {
    #expect(TextNormalizer.spoken(written) == said)
  }

  @Test("What was written out stays as it is", arguments: FieldTexts.all + NormalizedTexts.all + AmbiguousTexts.all)
  func idempotent(written: String, said: String) {
    #expect(TextNormalizer.spoken(said) == said)
  }

  @Test(
    "Every word of a text has its place in what is said, in order and the last at its end",
    arguments: FieldTexts.all + NormalizedTexts.all + AmbiguousTexts.all)
  func wordEnds(written: String, said: String) {
    let (spoken, ends) = TextNormalizer.wordEnds(of: written)
    #expect(spoken == said)
    #expect(ends.count == written.split(whereSeparator: \.isWhitespace).count)
    #expect(ends == ends.sorted())
    #expect(ends.last == said.count)
  }

  @Test(
    "What is said for the words of a text is over with them",
    arguments: [
      ("It costs $5 million now", [2, 8, 29, 29, 33]), ("**Bold** and _it_", [4, 8, 11]), ("<b>Hello</b> 5", [5, 10]),
      ("Hello <break time='1s'/> 5", [5, 5, 5, 10]), ("Yes 👍 5", [3, 3, 8]),
    ])
  func wordEnds(written: String, ends: [Int]) {
    #expect(TextNormalizer.wordEnds(of: written).ends == ends)
  }

  @Test(
    "Words stay as they are, byte for byte",
    arguments: [
      "", " ", "Hello, this is  a test.", "Your order number is four seven one one.",
      "It's half past three – isn't it?",
      "“Quoted” (really), he said…", "Привет, 日本語。", "Sunday the third of May\nat noon.", "No. I do not. I am. Am I?",
      "e\u{301}tude",
    ])
  func plainWords(text: String) {
    #expect(Array(TextNormalizer.spoken(text).utf8) == Array(text.utf8))
  }

  @Test(
    "Only voices that speak English are given English words",
    arguments: [
      ("heart", "ten dollars"), ("espeak:en-us+f2", "ten dollars"), ("espeak:en", "ten dollars"), ("espeak:de", "$10"),
      ("espeak:enm", "$10"), ("matched-1", "ten dollars"), ("remote:espeak:de", "$10"),
      ("remote:espeak:en", "ten dollars"),
      ("remote:heart", "ten dollars"),
    ])
  func languages(voice: String, said: String) {
    #expect(TextNormalizer.spoken("$10", voice: voice) == said)
  }

  @Test(
    "Where the day comes first, dates in numbers are said so",
    arguments: [
      ("on 5/3", "on the fifth of March"), ("on 3/25", "on the twenty fifth of March"),
      ("05/03/2026", "the fifth of March, twenty twenty six"), ("2026-05-03", "the third of May, twenty twenty six"),
      ("May 3, 2026", "May third, twenty twenty six"), ("3.5.2026", "the third of May, twenty twenty six"),
      ("for 3/4 of an hour", "for three quarters of an hour"),
    ])
  func dayFirst(written: String, said: String) {
    #expect(TextNormalizer.spoken(written, dates: .dayFirst) == said)
    #expect(TextNormalizer.wordEnds(of: written, dates: .dayFirst).spoken == said)
  }

  @Test("A text or a word that is too long stays as it is")
  func limits() {
    let word = String(repeating: "1", count: 201)
    #expect(TextNormalizer.spoken(word) == word)
    let text = String(repeating: "$1 ", count: 16_667)
    #expect(TextNormalizer.spoken(text) == text)
  }

  /// Each of these once took time that grows with the square of the length, or is a beginning of what a rule looks for.
  @Test(
    "Long texts are done in time that grows with their length", .timeLimit(.minutes(2)),
    arguments: [
      "- ", "| ", "[", "<a", "! [", "(555) 012-", "$1 ", "1/2 ", "12 Main ", "\u{301}", "👍", "5 min. ", "a@", "*",
    ])
  func linear(piece: String) {
    let text = String(repeating: piece, count: 49_000 / piece.unicodeScalars.count)
    let said = TextNormalizer.spoken(text)
    #expect(said.unicodeScalars.count <= 40 * text.unicodeScalars.count)
  }

  @Test("No text of any characters traps, and letters of other scripts stay", arguments: 1...200)
  func anyCharacters(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "$", "€", "1", "0", "12", ".", ",", ":", "/", "-", "–", "+", "%", "°C", "@", "#", "&", "'", "\"", "(", ")", "[",
      "](", "<", ">",
      "*", "_", "`", "~", "|", "=", "¢", "½", "²", "st", "th", "am", "p.m.", "May", "Jan.", "St.", "Dr", "No.", "XIV",
      "www.", ".com", "T", "Z",
      "k", "kg", "\n", "\u{200B}", "\u{FE0F}", "👍🏽", "\u{301}", "日", "я", " ", " ", " ", "２", "٣", "Ⅷ", "\u{0}",
    ]
    for _ in 0..<200 {
      let text = (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      let said = TextNormalizer.spoken(text)
      // A tag and the address of a link are silent, whatever is in them.
      guard !text.contains("<"), !text.contains("](") else { continue }
      for letter in ["日", "я"] as [Unicode.Scalar] {
        let counts = [text, said].map { $0.unicodeScalars.count { $0 == letter } }
        #expect(counts[0] == counts[1], "\(text.debugDescription)")
      }
      #expect(
        !said.unicodeScalars.contains("\u{FE0F}") && !said.unicodeScalars.contains("👍"), "\(text.debugDescription)")
    }
  }
}
