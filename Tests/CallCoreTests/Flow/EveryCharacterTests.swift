import CallCore
import Testing

/// Readers of words come to an end, and to a right one, whatever is typed.
@Suite("Words: every character of Unicode")
struct EveryCharacterTests {
  @Test(
    "what is letter and number at once is a letter",
    arguments: [
      ("一", ["一"]), ("Ⅷ", ["ⅷ"]), ("第三", ["第三"]), ("一1", ["一", "1"]), ("1一", ["1", "一"]), ("x Ⅷ.5", ["x", "ⅷ", "5"]),
      ("三:30pm", ["三", "30", "pm"]), ("3rd一", ["3", "rd一"]), ("3:30pm", ["3:30", "pm"]),
      ("a1b2nd", ["a", "1", "b", "2nd"]),
    ])
  func bothAtOnce(text: String, words: [String]) { #expect(UtteranceWords(text).words == words) }

  @Test("each of the 1,112,064: words hold its letters and numbers, none lost, none doubled")
  func eachScalar() {
    var texts = EveryCharacter.texts { "\($0)z\($0)1 " }
    texts.append(String(repeating: "一1", count: 500))
    #expect(texts.filter { !isSplitWell($0) } == [])
  }

  @Test("beside every ASCII character, one character of each kind and every number")
  func besideASCII() {
    #expect(EveryCharacter.pairs.filter { !isSplitWell($0) } == [])
  }

  /// The letters and numbers stay, in order; a word begins and ends with one, and mixes them only as `3rd` does.
  private func isSplitWell(_ text: String) -> Bool {
    let words = UtteranceWords(text).words
    let kept = words.joined().filter(isOfWord)
    let given = text.lowercased().replacing("&", with: "and").filter(isOfWord)
    let areWords = words.allSatisfy { word in
      guard let first = word.first, let last = word.last, isOfWord(first), isOfWord(last) else { return false }
      return !word.contains(where: \.isLetter) || !word.contains { $0.isNumber && !$0.isLetter }
        || ["st", "nd", "rd", "th"].contains(word.suffix(2))
    }
    return kept == given && areWords
  }

  private func isOfWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  @Test("every reader of callers' words comes to an end, and to a value that it can answer for")
  func readers() throws {
    let today = try #require(CalendarDate("2026-03-02"))
    let choice = SlotKind.choice([SlotChoice("blue", hear: try [#require(UtterancePattern("blue"))])])
    var wrong: [String] = []
    for text in EveryCharacter.short {
      func value(_ kind: SlotKind) -> String? { kind.value(said: text, today: today) }
      var isRight = value(choice) == nil && value(.name) != "" && value(.text) != ""
      if let digits = value(.digits(1...8)) { isRight = isRight && UInt(digits) != nil }
      if let number = value(.number(least: nil, most: nil)) { isRight = isRight && Double(number) != nil }
      if let date = value(.date) { isRight = isRight && CalendarDate(date) != nil }
      if let time = value(.time) { isRight = isRight && SpokenForm.time(time) != nil }
      if let keys = SlotKind.digits(1...8).value(pressed: text) { isRight = isRight && UInt(keys) != nil }
      if SlotKind.date.value(said: text, today: nil) == "" { isRight = false }
      if !isRight { wrong.append(text) }
    }
    #expect(wrong == [])
  }

  @Test("what is said and measured of any text is made of the text")
  func speakers() {
    var wrong: [String] = []
    for text in EveryCharacter.short {
      let words = UtteranceWords(text)
      let pattern = UtterancePattern(text)
      let sentences = SentenceSplitter.sentences(of: text).joined(separator: " ")
      let blanksFolded = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      var isRight = sentences.isEmpty || sentences == blanksFolded
      isRight = isRight && pattern == UtterancePattern(words.joined) && (pattern == nil) == words.words.isEmpty
      isRight = isRight && WordErrorRate(reference: text, heard: text).errors == 0
      isRight = isRight && !SpokenForm.digits(of: text).hasPrefix(" ") && SpokenForm.of(text, today: nil) == text
      isRight = isRight && FlowText(text).rendered(with: [:]) == text
      if !isRight { wrong.append(text) }
    }
    #expect(wrong == [])
  }
}
