/// A number as people say it: "twelve", "a hundred and five", "three point five", "minus two".
enum SpokenNumber {
  /// The number, when exactly one was said and it is within the limits.
  static func value(in heard: UtteranceWords, least: Int?, most: Int?) -> String? {
    let words = heard.words
    let found = Set(
      words.readings { number(words, at: $0) }.filter { index, _ in
        words[index] != "one" || !words[..<index].suffix(2).contains { determiners.contains($0) }
      }.map(\.text))
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

extension [String] {
  /// Whatever `read` makes of the words, one reading behind the other.
  func readings(_ read: (_ index: Int) -> (text: String, length: Int)?) -> [(index: Int, text: String)] {
    var found: [(index: Int, text: String)] = []
    var index = 0
    while index < count {
      let reading = read(index)
      if let reading { found.append((index, reading.text)) }
      index += reading?.length ?? 1
    }
    return found
  }
}

/// Whole numbers as people say them and as recognisers write them.
enum SpokenCardinal {
  /// The number that begins at `index`, and how many words it took.
  static func read(_ words: [String], at index: Int) -> (value: Int, length: Int)? {
    var total = 0
    var current: Int?
    var afterScale = false
    var position = index
    while position < words.count {
      let next = position + 1 < words.count ? words[position + 1] : ""
      if let scale = scales[words[position]], let count = current {
        if scale == 100, count < 100 {
          current = count * 100
        } else if scale > 100, count < 1000, total == 0 || total >= scale * 1000 {
          total += count * scale
          current = nil
        } else {
          break
        }
        afterScale = true
      } else if words[position] == "a", current == nil, total == 0, scales[next] != nil {
        current = 1
      } else if words[position] == "and", afterScale, simple(next) != nil {
        position += 1
        continue
      } else if let value = simple(words[position]), let sum = joined(current, value, afterScale: afterScale) {
        current = sum
      } else {
        break
      }
      position += 1
    }
    if position > index, words[position - 1] == "and" { position -= 1 }
    guard position > index, total > 0 || current != nil else { return nil }
    return (total + (current ?? 0), position - index)
  }

  /// `twenty` and `one` make 21, `hundred` and `seven` 107; `one` and `two` make nothing.
  private static func joined(_ current: Int?, _ value: Int, afterScale: Bool) -> Int? {
    guard let current else { return !afterScale || (1...999).contains(value) ? value : nil }
    if (20...90).contains(current % 100), current % 10 == 0, (1...9).contains(value) { return current + value }
    if afterScale, current % 100 == 0, current > 0, (1...99).contains(value) { return current + value }
    return nil
  }

  private static func simple(_ word: String) -> Int? {
    if let unit = NumberWords.units.firstIndex(of: word) { return unit }
    if let teen = NumberWords.teens.firstIndex(of: word) { return teen + 10 }
    if let ten = NumberWords.tens.firstIndex(of: word), ten > 0 { return ten * 10 }
    if let first = word.utf8.first, first > UInt8(ascii: "9") { return compound(word) }
    return word.count <= 9 && word.allSatisfy(\.isASCIIDigit) ? Int(word) : nil
  }

  /// "Twentyfive" in one word.
  private static func compound(_ word: String) -> Int? {
    guard word.utf8.count <= 12, let ten = NumberWords.tens.lastIndex(where: { !$0.isEmpty && word.hasPrefix($0) }),
      let unit = NumberWords.units.firstIndex(of: String(word.dropFirst(NumberWords.tens[ten].count))), unit > 0
    else { return nil }
    return ten * 10 + unit
  }

  private static let scales = ["hundred": 100, "thousand": 1000, "million": 1_000_000]
}
