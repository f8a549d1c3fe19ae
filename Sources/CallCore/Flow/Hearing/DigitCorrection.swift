/// Mends digits of a number that is being confirmed: "the third digit is five", "the last one is a two", "the last two are three four".
enum DigitCorrection {
  /// The number with those digits replaced; `nil` when the words name no digits of it.
  static func applied(_ heard: UtteranceWords, to number: String) -> String? {
    let words = withoutOld(heard.words.map(\.withASCIIDigits))
    for index in words.indices {
      guard let place = place(words, at: index, of: number.count), place.positions.upperBound <= number.count else {
        continue
      }
      let behind = words.dropFirst(index + place.length)
      let hasNoun = behind.first.map(nouns.contains) ?? false
      guard hasNoun || place.positions.count > 1 else { continue }
      let rest = behind.dropFirst(hasNoun ? 1 : 0).filter { !filling.contains($0) }
      let rows = DigitRow.all(in: Array(rest), homophones: false)
      guard rows.count == 1, rows[0].words.count == rest.count, rows[0].digits.count == place.positions.count else {
        return nil
      }
      var digits = Array(number)
      digits.replaceSubrange(place.positions, with: rows[0].digits)
      return String(digits)
    }
    return nil
  }

  /// "Two, not one" without what it was.
  private static func withoutOld(_ words: [String]) -> [String] {
    for mark in [["not"], ["instead", "of"], ["rather", "than"]] {
      guard let start = words.indices.last(where: { words[$0...].starts(with: mark) }), start > 0 else { continue }
      let old = words[(start + mark.count)...].filter { !filling.contains($0) }
      if old.count == 1, DigitChunk.read(old, at: 0) != nil { return Array(words[..<start]) }
    }
    return words
  }

  private static func place(_ words: [String], at index: Int, of count: Int) -> (positions: Range<Int>, length: Int)? {
    if ["last", "first"].contains(words[index]), index + 1 < words.count,
      let several = NumberWords.units.firstIndex(of: words[index + 1]),
      several >= 2, several <= count
    {
      return (words[index] == "last" ? (count - several)..<count : 0..<several, 2)
    }
    if words[index] == "last", count > 0 { return ((count - 1)..<count, 1) }
    guard let ordinal = NumberWords.ordinal(in: words, at: index), ordinal.value > 0 else { return nil }
    return ((ordinal.value - 1)..<ordinal.value, ordinal.length)
  }

  private static let nouns: Set = ["digit", "number", "one", "figure", "digits", "numbers", "figures", "ones"]
  private static let filling: Set = [
    "is", "was", "are", "were", "should", "be", "a", "an", "its", "it", "please", "to", "has", "must", "actually",
  ]
}
