/// One number in a line of words.
struct SaidNumber: Equatable {
  /// `-12.5`.
  var text: String
  /// Words that it takes.
  var length: Int
  /// Cut short by what follows: "two and a third".
  var isOpen = false

  /// The number that begins at `index`.
  static func read(_ words: [String], at index: Int) -> SaidNumber? {
    if ["minus", "negative"].contains(words[index]) {
      guard index + 1 < words.count, var rest = read(words, at: index + 1), !rest.text.hasPrefix("-") else {
        return nil
      }
      rest.text = "-\(rest.text)"
      rest.length += 1
      return rest
    }
    guard var number = decimal(words, at: index) else { return nil }
    number.addFraction(words, from: index)
    number.scale(words, from: index)
    return number
  }

  /// "Half a million".
  static func halfOfScale(_ words: [String], at index: Int) -> SaidNumber? {
    guard words[index] == "half", index + 2 < words.count, words[index + 1] == "a", let zeros = scales[words[index + 2]]
    else {
      return nil
    }
    return SaidNumber(text: shifted("0.5", by: zeros), length: 3)
  }

  /// "Three", "3.5", "three point five", "point five".
  private static func decimal(_ words: [String], at index: Int) -> SaidNumber? {
    let word = words[index]
    let pieces = word.split(separator: ".", omittingEmptySubsequences: false)
    if pieces.count == 2, pieces.allSatisfy({ !$0.isEmpty && $0.utf8.count <= decimalsMax && $0.isASCIIDigits }) {
      return SaidNumber(text: word, length: 1)
    }
    let whole = cardinal(words, at: index)
    let point = index + (whole?.length ?? 0)
    let decimals = point < words.count && words[point] == "point" ? digits(words, from: point + 1) : []
    guard whole != nil || !decimals.isEmpty else { return nil }
    let fraction = decimals.joined()
    let text = "\(whole?.value ?? 0)" + (fraction.isEmpty ? "" : "." + fraction)
    let length = point - index + (decimals.isEmpty ? 0 : 1 + decimals.count)
    return SaidNumber(text: text, length: length, isOpen: fraction.count > decimalsMax)
  }

  /// As many as a numeral may have: more nobody says.
  private static let decimalsMax = 9

  /// Also "hundred and five" without an article. "Not five hundred, five thousand" is two numbers: nobody says what is not at such length.
  private static func cardinal(_ words: [String], at index: Int) -> (value: Int, length: Int)? {
    let isBareScale =
      ["hundred", "thousand", "million"].contains(words[index])
      && (index == 0 || !NumberGrammar.isNumeral(words[index - 1]))
    if isBareScale, let read = SpokenCardinal.read(["a"] + words[index...], at: 0) {
      return (read.value, read.length - 1)
    }
    guard let read = SpokenCardinal.read(words, at: index) else { return nil }
    let half = read.length / 2
    guard index > 0, words[index - 1] == "not", half > 1, read.length == 2 * half,
      let first = SpokenCardinal.read(Array(words[index..<(index + half)]), at: 0), first.length == half,
      let second = SpokenCardinal.read(Array(words[(index + half)..<(index + read.length)]), at: 0),
      second.length == half,
      scales[words[index + half - 1]] != nil, scales[words[index + read.length - 1]] != nil
    else { return read }
    return first
  }

  private static func digits(_ words: [String], from index: Int) -> [String] {
    words.dropFirst(index).prefix { digit($0) != nil }.compactMap(digit)
  }

  private static func digit(_ word: String) -> String? {
    if ["oh", "o"].contains(word) { return "0" }
    if let unit = NumberWords.units.firstIndex(of: word) { return "\(unit)" }
    return word.utf8.count <= 9 && !word.isEmpty && word.isASCIIDigits ? word : nil
  }

  /// "And a half"; "a million and a half" may be half a million more.
  private mutating func addFraction(_ words: [String], from index: Int) {
    let rest = words.dropFirst(index + length)
    let isScaled = words[index..<(index + length)].contains { Self.scales[$0] != nil }
    guard rest.first == "and" else { return }
    for (phrase, decimals) in Self.fractions where rest.starts(with: phrase) {
      if text.contains(".") || isScaled { isOpen = true } else { text += decimals }
      length += phrase.count
      return
    }
    let names = rest.dropFirst().prefix(2)
    if names.count == 2, let name = names.last,
      ["third", "thirds", "fifth", "fifths", "eighth", "eighths", "bit"].contains(name)
    {
      length += 3
      isOpen = true
    }
  }

  private static let fractions: [([String], String)] = [
    (["and", "a", "half"], ".5"), (["and", "one", "half"], ".5"), (["and", "a", "quarter"], ".25"),
    (["and", "one", "quarter"], ".25"),
    (["and", "three", "quarters"], ".75"),
  ]

  /// "One point two million", "20 k", "two dozen".
  private mutating func scale(_ words: [String], from index: Int) {
    while index + length < words.count {
      let word = words[index + length]
      if word == "dozen", let count = Int(text), count < 1000 {
        text = "\(count * 12)"
      } else if let zeros = Self.scales[word] {
        text = Self.shifted(text, by: zeros)
      } else {
        return
      }
      length += 1
      if text.count > 18 {
        isOpen = true
        return
      }
    }
  }

  private static let scales = ["hundred": 2, "thousand": 3, "grand": 3, "k": 3, "million": 6, "billion": 9]

  /// With the decimal point so many places to the right.
  private static func shifted(_ text: String, by zeros: Int) -> String {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let decimals = pieces.count > 1 ? pieces[1] : ""
    let whole = pieces[0] + decimals.prefix(zeros) + String(repeating: "0", count: max(0, zeros - decimals.count))
    let rest = String(decimals.dropFirst(zeros))
    let plain = whole.drop { $0 == "0" }
    return (plain.isEmpty ? "0" : String(plain)) + (rest.isEmpty ? "" : "." + rest)
  }
}
