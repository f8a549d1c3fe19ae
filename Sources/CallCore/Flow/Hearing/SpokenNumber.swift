/// A number as people say it: "twelve", "a hundred and five", "three point five", "minus two".
enum SpokenNumber {
  /// The number, when exactly one was said and it is within the limits.
  static func value(in heard: UtteranceWords, least: Int?, most: Int?) -> String? {
    let words = heard.words
    var found: Set<String> = []
    var index = 0
    while index < words.count {
      guard let number = number(words, at: index) else {
        index += 1
        continue
      }
      let isPronoun = words[index] == "one" && words[..<index].suffix(2).contains { determiners.contains($0) }
      if !isPronoun { found.insert(number.text) }
      index += number.length
    }
    guard found.count == 1, let text = found.first, let value = Double(text) else { return nil }
    guard value >= least.map(Double.init) ?? -.infinity, value <= most.map(Double.init) ?? .infinity else { return nil }
    return text
  }

  /// "The blue one" is no number.
  private static let determiners: Set = ["the", "this", "that", "which"]

  private static func number(_ words: [String], at index: Int) -> (text: String, length: Int)? {
    if words[index] == "minus" || words[index] == "negative" {
      guard index + 1 < words.count, let rest = number(words, at: index + 1), !rest.text.hasPrefix("-") else {
        return nil
      }
      return ("-\(rest.text)", rest.length + 1)
    }
    let word = words[index]
    let pieces = word.split(separator: ".", omittingEmptySubsequences: false)
    if pieces.count == 2, pieces.allSatisfy({ !$0.isEmpty && $0.count <= 9 && $0.allSatisfy(\.isASCIIDigit) }) {
      return (word, 1)
    }
    guard let whole = SpokenCardinal.read(words, at: index) else { return nil }
    let point = index + whole.length
    guard point + 1 < words.count, words[point] == "point" else { return ("\(whole.value)", whole.length) }
    let decimals = words[(point + 1)...].prefix { NumberWords.units.contains($0) || $0.allSatisfy(\.isASCIIDigit) }
    guard !decimals.isEmpty else { return ("\(whole.value)", whole.length) }
    let digits = decimals.map { word in NumberWords.units.firstIndex(of: word).map { "\($0)" } ?? word }.joined()
    return ("\(whole.value).\(digits)", whole.length + 1 + decimals.count)
  }
}
