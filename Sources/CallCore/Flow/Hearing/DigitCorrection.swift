/// Mends one digit of a number that is being confirmed: "the third digit is five", "the last one is a two".
enum DigitCorrection {
  /// The number with that digit replaced; `nil` when the words name no digit of it.
  static func applied(_ heard: UtteranceWords, to number: String) -> String? {
    let words = heard.words
    var digits = Array(number)
    for index in words.indices {
      guard let place = place(words, at: index, of: digits.count), place.position < digits.count,
        let noun = words.dropFirst(index + place.length).first, ["digit", "number", "one", "figure"].contains(noun)
      else { continue }
      let rest = words.dropFirst(index + place.length + 1).filter { !filling.contains($0) }
      guard rest.count == 1, let digit = SpokenDigits.value(in: UtteranceWords(words: Array(rest)), lengths: 1...1)
      else { return nil }
      digits[place.position] = Character(digit)
      return String(digits)
    }
    return nil
  }

  private static func place(_ words: [String], at index: Int, of count: Int) -> (position: Int, length: Int)? {
    if words[index] == "last", count > 0 { return (count - 1, 1) }
    guard let ordinal = NumberWords.ordinal(in: words, at: index), ordinal.value > 0 else { return nil }
    return (ordinal.value - 1, ordinal.length)
  }

  private static let filling: Set = ["is", "was", "should", "be", "a", "an", "its", "please"]
}
