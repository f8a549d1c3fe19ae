/// A number as people say it: "twelve", "a hundred and five", "three point five", "two and a half", "minus two", "half a dozen".
enum SpokenNumber {
  /// The number, when exactly one was said and it is within the limits.
  /// - Returns: `nil` too for "at least two", "two or three" and other words that leave the number open. A range from 0 or 1 counts things:
  ///   no fraction is within it.
  static func value(in heard: UtteranceWords, least: Int?, most: Int?) -> String? {
    guard heard.words.count <= UtteranceWords.valueWordsMax else { return nil }
    let words = restarted(heard.words.map(\.withASCIIDigits))
    guard let text = SaidValue.only(in: words, by: NumberGrammar(words)), let value = Double(text) else { return nil }
    guard value >= least.map(Double.init) ?? -.infinity, value <= most.map(Double.init) ?? .infinity else { return nil }
    let countsThings = most != nil && least.map { (0...1).contains($0) } == true
    return countsThings && text.contains(".") ? nil : text
  }

  /// "It was nine, but now it's ten" corrects, with other words than most do; "two's" is "two is".
  private static func restarted(_ words: [String]) -> [String] {
    var words = words
    for index in words.indices.dropLast() {
      let next = words[index + 1]
      if words[index] == "but", next == "now" { (words[index], words[index + 1]) = ("actually", "its") }
      // "Two's plenty."
      let stem = String(words[index].dropLast())
      let isContracted = words[index].hasSuffix("s") && (next == "plenty" || DateWords.predicates.contains(next))
      if isContracted, NumberGrammar.isNumeral(stem) { words[index] = stem }
    }
    return words
  }
}

extension String {
  /// With `0` … `9` for the digits of any script.
  var withASCIIDigits: String {
    guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
    return String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          guard scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue else {
            return scalar
          }
          return Unicode.Scalar(UInt8(ascii: "0") + UInt8(digit))
        }))
  }
}
