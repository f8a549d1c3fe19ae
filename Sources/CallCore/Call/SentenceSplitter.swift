/// Cuts an agent's text into sentences, so that the first can be played while the next is made.
package enum SentenceSplitter {
  /// Most Unicode scalars of a sentence; longer ones are cut at a blank. An engine's limit is 500.
  static let sentenceMax = 300

  /// Behind these a sentence goes on.
  private static let abbreviations: Set<Substring> = [
    "mr", "mrs", "ms", "dr", "st", "prof", "rev", "gov", "sen", "capt", "lt", "col", "sgt", "mt", "vs", "e.g", "i.e",
    "a.m", "p.m", "approx", "incl",
  ]
  /// Behind these it goes on with a number.
  private static let numbered: Set<Substring> = [
    "no", "nos", "nr", "p", "pp", "pg", "vol", "ch", "sec", "fig", "art", "apt", "ste", "rm", "ext", "tel", "ref",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
  ]
  /// Behind these it goes on with a small letter.
  private static let continued: Set<Substring> = [
    "ave", "blvd", "rd", "ln", "jr", "sr", "inc", "ltd", "corp", "etc", "dept", "bldg", "govt", "min", "hr", "hrs",
    "ft",
    "lbs", "oz", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
  ]

  /// - Parameter text: any text; white space is folded.
  /// - Returns: sentences with their punctuation, none empty.
  package static func sentences(of text: String) -> [String] {
    var sentences: [String] = []
    var sentence = ""
    var length = 0  // of `sentence`: counting it again for each word would take time that grows with its square
    func close() {
      if sentence.contains(where: { $0.isLetter || $0.isNumber }) { sentences.append(sentence) }
      (sentence, length) = ("", 0)
    }
    let words = text.split(whereSeparator: \.isWhitespace).flatMap { parts(of: $0, max: sentenceMax) }
    for (index, word) in words.enumerated() {
      let count = word.scalarCount
      if length + count + 1 > sentenceMax, length > 0 { close() }
      sentence += (length == 0 ? "" : " ") + word
      length += count + (length == 0 ? 0 : 1)
      if endsSentence(word, before: words.dropFirst(index + 1).first) { close() }
    }
    close()
    return sentences
  }

  /// A word that is too long for a sentence, in several: languages that write no blanks have such.
  ///
  /// - Parameter max: Unicode scalars, 1 and up. A part ends behind a mark, where there is one.
  package static func parts(of word: Substring, max: Int) -> [Substring] {
    guard word.scalarCount > max else { return [word] }
    var (parts, rest): ([Substring], Substring.UnicodeScalarView) = ([], word.unicodeScalars)
    while !rest.isEmpty {
      let whole = rest.prefix(max)
      let isLast = whole.endIndex == rest.endIndex
      let end = isLast ? nil : whole.lastIndex { "。！？，、".unicodeScalars.contains($0) }
      let part = end.map { whole[...$0] } ?? whole
      parts.append(Substring(part))
      rest = rest[part.endIndex...]
    }
    return parts
  }

  /// Whether a sentence ends with this word, or with the last one of these words.
  ///
  /// - Parameter next: what follows. Where that is not known yet, one that may go on does not end.
  package static func endsSentence(_ word: Substring, before next: Substring?) -> Bool {
    var bare = word
    while let last = bare.last, "\"')”’".contains(last) { bare.removeLast() }
    guard let mark = bare.last, ".!?…".contains(mark) else { return false }
    guard mark == "." else { return true }
    let last = (bare.split(separator: " ").last ?? bare).dropLast().drop { "\"'(“‘[".contains($0) }
    // A letter that is spelled, or an initial.
    if last.count == 1, last != "I", last.first?.isUppercase ?? false { return false }
    let name = Substring(last.lowercased())
    if abbreviations.contains(name) { return false }
    let first = next?.first
    if numbered.contains(name), first.map(\.isASCIIDigit) ?? true { return false }
    if continued.contains(name), first.map(\.isLowercase) ?? true { return false }
    return true
  }
}
