/// Digits as people say them: "four seven one one", "forty seven eleven", "double oh seven", and the ways in which
/// recognisers write them: `4711`, `4,711`, `47 11`, `4-7-1-1`.
enum SpokenDigits {
  /// The digits, when exactly one row of them has a wanted length and no other row may belong to it.
  static func value(in heard: UtteranceWords, lengths: ClosedRange<Int>) -> String? {
    guard heard.words.count <= UtteranceWords.valueWordsMax else { return nil }
    let words = heard.words.map(\.withASCIIDigits)
    let plain = DigitsGrammar(words, lengths: lengths, homophones: false)
    let grammar = plain.hasFit ? plain : DigitsGrammar(words, lengths: lengths, homophones: true)
    return grammar.hasFit ? SaidValue.only(in: words, by: grammar) : nil
  }
}

/// How rows of digits are said.
struct DigitsGrammar: SpokenGrammar {
  private let rows: [Int: Row]
  /// Whether any row has a wanted length.
  let hasFit: Bool

  private let lengths: ClosedRange<Int>

  private struct Row {
    var meaning: SpokenPhrase<String>.Meaning
    var length: Int
  }

  /// - Parameter homophones: "to" and "won" are digits beside others.
  init(_ words: [String], lengths: ClosedRange<Int>, homophones: Bool) {
    let rows = DigitRow.all(in: words, homophones: homophones)
    let fits = rows.map { Self.isPronoun($0, words) || Self.isExtension($0, words) ? [] : $0.fitting(lengths) }
    let isMixed = rows.map { $0.isSeveral(in: words, lengths) || $0.hasLetter(in: words) }
    let clauses = Self.clauses(of: words)
    var read: [Int: Row] = [:]
    for (row, (fit, isMixed)) in zip(rows, zip(fits, isMixed)) {
      let clause = clauses[row.words.lowerBound]
      let beside = zip(rows, fits).filter { clauses[$0.0.words.lowerBound] == clause }.flatMap(\.1)
      let meaning = isMixed ? .leftover : Self.meaning(of: row, fit, beside: beside, words)
      read[row.words.lowerBound] = Row(meaning: meaning, length: row.words.count)
    }
    self.rows = read
    self.lengths = lengths
    hasFit = fits.contains { !$0.isEmpty }
  }

  func phrase(in words: [String], at index: Int) -> SpokenPhrase<String>? {
    if let row = rows[index] { return SpokenPhrase(row.meaning, row.length) }
    // "The last four" of a longer number.
    if words[index] == "last", let row = rows[index + 1], row.length == 1,
      let count = SpokenCardinal.read(words, at: index + 1), count.length == 1, (2...9).contains(count.value)
    {
      return SpokenPhrase(lengths == count.value...count.value ? .nothing : .leftover, 2)
    }
    if lengths.count > 1, let end = Self.endings.longest(in: words, at: index) {
      return SpokenPhrase(.leftover, end.length)
    }
    return Self.table.longest(in: words, at: index).map { SpokenPhrase($0.meaning ? .leftover : .nothing, $0.length) }
  }

  /// A row of a wanted length is a value. Any other is about something else where it is one number ("two parcels") or a part that was said
  /// before ("seven oh seven, that's seven oh seven five five …"); else it is a part of what was meant.
  private static func meaning(
    of row: DigitRow, _ fit: Set<String>, beside: [String], _ words: [String]
  ) -> SpokenPhrase<String>.Meaning {
    if fit.count == 1, let digits = fit.first { return .value(digits) }
    if isPronoun(row, words) || isExtension(row, words) { return .nothing }
    let neighbours = [row.words.lowerBound - 1, row.words.upperBound].filter(words.indices.contains).map { words[$0] }
    guard fit.isEmpty, !beside.isEmpty, !neighbours.contains("or") else { return .leftover }
    return row.chunks == 1 || beside.contains { $0.hasPrefix(row.digits) } ? .nothing : .leftover
  }

  /// "The old one".
  private static func isPronoun(_ row: DigitRow, _ words: [String]) -> Bool {
    guard row.words.count == 1, words[row.words.lowerBound] == "one", row.words.lowerBound > 0 else { return false }
    return [
      "the", "this", "that", "which", "old", "new", "other", "last", "first", "right", "wrong", "another", "no", "any",
      "a", "every", "each",
    ].contains(words[row.words.lowerBound - 1])
  }

  private static func isExtension(_ row: DigitRow, _ words: [String]) -> Bool {
    row.words.lowerBound > 0 && ["extension", "ext"].contains(words[row.words.lowerBound - 1])
  }

  /// The number of corrections before each word.
  private static func clauses(of words: [String]) -> [Int] {
    var clauses: [Int] = []
    var clause = 0
    while clauses.count < words.count {
      let found = LogicWord.longest(in: words, at: clauses.count)
      if case .correction? = found?.word { clause += 1 }
      clauses += Array(repeating: clause, count: found?.length ?? 1)
    }
    return clauses
  }

  /// What follows is the end of a number. Where so many digits are asked for, they may be what was meant.
  private static let endings = PhraseTable([
    "ends in", "ends with", "ended in", "ended with", "ending in", "ending with", "finishes in", "finishes with",
  ])

  /// `true` for what leaves digits open.
  private static let table = PhraseTable<Bool>([
    (
      true,
      """
      something,something like,previous,
      former,used to be,somewhere,between,starts with,starting with,begins with,beginning with,starts,begins,approximately,
      about,around,roughly,missing,the rest,old number,other number,old one,other one,other ones,first two,first three,first four,first five,
      first six,and so on,et cetera,dont know the,not all,the middle,blank,question mark,half,wrong,incorrect,false,at the end,at the beginning,at the start
      """
    ),
    (false, "how about,what about,about my,about the,about an,about a,about it,about that,around here"),
  ])
}
