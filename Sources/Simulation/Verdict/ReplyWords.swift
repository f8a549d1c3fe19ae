import CallCore

/// What the agent said, ready to be searched.
struct ReplyWords {
  let text: String
  /// Normalised.
  let words: [String]

  init(_ text: String) {
    self.text = text
    words = WordErrorRate.words(of: text)
  }

  /// Whether the words of `phrase` stand in it one after another; one that has no words, such as `€`, is searched as text.
  func contains(_ phrase: String) -> Bool {
    let wanted = WordErrorRate.words(of: phrase)
    guard let first = wanted.first else { return containsText(phrase) }
    guard wanted.count <= words.count else { return false }
    for start in 0...(words.count - wanted.count) where words[start] == first {
      if words[start..<(start + wanted.count)].elementsEqual(wanted) { return true }
    }
    return false
  }

  /// Whether it is found anywhere, within words, too, without regard to case.
  func containsText(_ text: String) -> Bool { self.text.lowercased().contains(text.lowercased()) }
}
