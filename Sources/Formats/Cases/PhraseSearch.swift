import CallCore

/// Whether words stand in a text, after the normalisation of `WordErrorRate.words`.
enum PhraseSearch {
  /// Whether the words of `phrase` stand in `text` one after another.
  static func isFound(_ phrase: String, in text: String) -> Bool {
    let wanted = WordErrorRate.words(of: phrase)
    let words = WordErrorRate.words(of: text)
    guard !wanted.isEmpty, wanted.count <= words.count else { return false }
    return (0...(words.count - wanted.count)).contains { start in
      words[start..<(start + wanted.count)].elementsEqual(wanted)
    }
  }

  /// Whether both have the same words.
  static func isSame(_ left: String, _ right: String) -> Bool {
    WordErrorRate.words(of: left) == WordErrorRate.words(of: right)
  }
}
