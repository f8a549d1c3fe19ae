/// Digits that were said one behind the other.
struct DigitRow {
  /// Those that hold it.
  let words: Range<Int>
  /// Pieces that it was said in: two for "forty seven eleven".
  let chunks: Int
  /// As it is read first.
  let digits: String
  /// Every way to read it; "eight hundred five five" is 80055 and 8055.
  private let readings: Set<String>

  /// The readings of a wanted length.
  func fitting(_ lengths: ClosedRange<Int>) -> Set<String> {
    Set(readings.map { Self.withoutPrefix(Self.once($0, lengths), lengths) }.filter { lengths.contains($0.count) })
  }

  /// A row that was said twice over, without a word between.
  private static func once(_ row: String, _ lengths: ClosedRange<Int>) -> String {
    let half = row.prefix(row.count / 2)
    return !lengths.contains(row.count) && row == half + half ? String(half) : row
  }

  /// Ten digits of a telephone number behind the 1 of North America, which no such number begins with.
  private static func withoutPrefix(_ row: String, _ lengths: ClosedRange<Int>) -> String {
    lengths == 10...10 && row.count == 11 && row.hasPrefix("1") ? String(row.dropFirst()) : row
  }

  /// Every row of the words, in order.
  /// - Parameter homophones: "to" is a 2 between digits, "won" also behind them.
  static func all(in words: [String], homophones: Bool) -> [DigitRow] {
    var rows: [DigitRow] = []
    var chunks: [DigitChunk] = []
    var (start, end, index) = (0, 0, 0)
    func flush() {
      if !chunks.isEmpty { rows.append(DigitRow(chunks, start..<end, words)) }
      chunks = []
    }
    while index < words.count {
      if let chunk = DigitChunk.read(words, at: index)
        ?? (homophones && !chunks.isEmpty ? DigitChunk.homophone(words, at: index) : nil)
      {
        if chunks.isEmpty { start = index }
        chunks.append(chunk)
        index += chunk.length
        end = index
      } else {
        if !between.contains(words[index]), !isArticle(words, at: index, behindDigit: index == end) { flush() }
        index += 1
      }
    }
    flush()
    return rows
  }

  private init(_ chunks: [DigitChunk], _ place: Range<Int>, _ words: [String]) {
    self.words = place
    self.chunks = chunks.count
    digits = chunks.map(\.digits).joined()
    var usual = [""]
    for (index, chunk) in chunks.enumerated() {
      let isLast = index == chunks.count - 1
      Self.append(isLast ? [chunk.digits] : [chunk.digits] + chunk.split, to: &usual)
    }
    // "Oh, 4711": who says a digit says all of them.
    if words[place.lowerBound] == "oh", place.count > 1, words[place.lowerBound + 1].utf8.count > 1,
      words[place.lowerBound + 1].isASCIIDigits
    {
      usual += usual.map { String($0.dropFirst()) }
    }
    readings = Set(usual)
  }

  /// Whether it holds two of a wanted length: "471 and 472", "number 5, 471".
  func isSeveral(in all: [String], _ lengths: ClosedRange<Int>) -> Bool {
    let own = Array(all[words])
    func fits(_ part: ArraySlice<String>) -> Bool {
      let rows = DigitRow.all(in: Array(part), homophones: false)
      return rows.count == 1 && rows.allSatisfy { !$0.fitting(lengths).isEmpty }
    }
    if own.split(separator: "and").count > 1, own.split(separator: "and").allSatisfy(fits) { return true }
    return words.lowerBound > 0 && all[words.lowerBound - 1] == "number" && own.count == 2
      && DigitChunk.read(own, at: 0)?.digits.count == 1 && (own.last?.count ?? 0) > 2 && fits(own[1...])
  }

  /// Whether it is part of a code of letters and digits: "471 B", "four seven A one". "A two, a nine" has an article before each.
  func hasLetter(in all: [String]) -> Bool {
    let before = words.lowerBound > 0 ? all[words.lowerBound - 1] : ""
    let after = words.upperBound < all.count ? all[words.upperBound] : ""
    if [before, after].contains(where: { Self.isLetter($0) && !["a", "i"].contains($0) }) { return true }
    if after == "a", words.upperBound + 1 == all.count { return true }
    guard !["a", "an"].contains(before) else { return false }
    return all[words].indices.dropFirst().contains { all[$0] == "a" && !Self.between.contains(all[$0 - 1]) }
  }

  private static func isLetter(_ word: String) -> Bool {
    word.first?.isLetter == true && word.dropFirst().isEmpty
  }

  /// Ways to read a row that are tried; more than three pieces with two ways each nobody says.
  private static let readingsMax = 64
  /// Longer than any row that a flow can ask for.
  private static let lengthMax = 80

  /// Reads on in each of these ways, of which the first is the usual one. `readings` stay different from one another.
  private static func append(_ ways: [String], to readings: inout [String]) {
    let ways = readings.count * ways.count > readingsMax ? ways.prefix(1) : ways[...]
    let longer = readings.flatMap { reading in
      ways.map { reading.utf8.count > lengthMax ? reading : reading + $0 }
    }
    readings = ways.count > 1 ? Array(Set(longer)) : longer
  }

  /// "A two, a nine and then an eight".
  private static func isArticle(_ words: [String], at index: Int, behindDigit: Bool) -> Bool {
    guard ["a", "an"].contains(words[index]), index > 0, behindDigit || between.contains(words[index - 1]) else {
      return false
    }
    return index + 1 < words.count && DigitChunk.read(words, at: index + 1) != nil
  }

  /// Words that people say inside one row.
  private static let between: Set = ["and", "then", "dash", "hyphen", "space", "comma", "dot", "slowly"]
}

/// The digits of one spoken piece: a digit, "forty seven", "four hundred", "double five", or a numeral.
struct DigitChunk {
  var digits: String
  var length: Int
  /// Other ways to read it where more digits follow: "eight hundred five" as 8005.
  var split: [String] = []

  /// The piece that begins at `index`.
  static func read(_ words: [String], at index: Int) -> DigitChunk? {
    let word = words[index]
    let next = index + 1 < words.count ? words[index + 1] : ""
    if let count = repeats[word], let digit = digit(next) {
      return DigitChunk(digits: String(repeating: digit, count: count), length: 2)
    }
    if let count = digit(word).flatMap(Int.init), (2...9).contains(count), let digit = plurals[next] {
      return DigitChunk(digits: String(repeating: digit, count: count), length: 2)
    }
    if zeros.contains(word) { return DigitChunk(digits: "0", length: 1) }
    if word == "niner" { return DigitChunk(digits: "9", length: 1) }
    if isNumeral(word), !["hundred", "thousand"].contains(next) {
      return DigitChunk(digits: word.filter(\.isASCIIDigit), length: 1)
    }
    return cardinal(words, at: index)
  }

  /// What sounds like a digit: between two of them, or behind them where it is a word that nothing ends with.
  static func homophone(_ words: [String], at index: Int) -> DigitChunk? {
    guard let digit = soundsLike[words[index]] else { return nil }
    let isLast = index + 1 == words.count
    let isBetween = !isLast && (read(words, at: index + 1) != nil || soundsLike[words[index + 1]] != nil)
    return isBetween || isLast && ["won", "ate"].contains(words[index]) ? DigitChunk(digits: digit, length: 1) : nil
  }

  private static func cardinal(_ words: [String], at index: Int) -> DigitChunk? {
    guard let whole = SpokenCardinal.read(words, at: index) else { return nil }
    var chunk = DigitChunk(digits: "\(whole.value)", length: whole.length)
    let own = Array(words[index..<(index + whole.length)])
    guard !own.contains("and") else { return chunk }
    for length in 1..<max(1, own.count) {
      guard let head = SpokenCardinal.read(Array(own.prefix(length)), at: 0), head.length == length,
        let tail = SpokenCardinal.read(own, at: length), length + tail.length == own.count
      else { continue }
      if ["hundred", "thousand"].contains(own[length - 1]) { chunk.split.append("\(head.value)\(tail.value)") }
    }
    return chunk
  }

  private static func isNumeral(_ word: String) -> Bool {
    word.utf8.allSatisfy { (0x2E...0x3A).contains($0) }  // digits, ":", "." and "/"
  }

  private static func digit(_ word: String) -> String? {
    if zeros.contains(word) { return "0" }
    if let unit = NumberWords.units.firstIndex(of: word) { return "\(unit)" }
    return word.utf8.count == 1 && word.isASCIIDigits ? word : nil
  }

  private static let zeros: Set = ["oh", "o", "nought", "naught", "nil"]
  private static let repeats = ["double": 2, "triple": 3, "treble": 3, "quadruple": 4]
  private static let plurals = [
    "zeros": "0", "zeroes": "0", "ohs": "0", "noughts": "0", "ones": "1", "twos": "2", "threes": "3", "fours": "4",
    "fives": "5",
    "sixes": "6", "sevens": "7", "eights": "8", "nines": "9",
  ]
  /// Counted only beside digits, and only when the plain reading gave no row of a wanted length.
  private static let soundsLike = ["to": "2", "too": "2", "for": "4", "fore": "4", "ate": "8", "won": "1"]
}
