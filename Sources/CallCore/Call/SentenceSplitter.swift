/// Cuts an agent's text into sentences, so that the first can be played while the next is made.
package enum SentenceSplitter {
  /// Most Unicode scalars of a sentence; longer ones are cut at a blank. An engine's limit is 500.
  static let sentenceMax = 300

  private static let abbreviations: Set<Substring> = ["mr", "mrs", "ms", "dr", "st", "vs", "e.g", "i.e", "a.m", "p.m"]

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
    for word in text.split(whereSeparator: \.isWhitespace).flatMap({ parts(of: $0, max: sentenceMax) }) {
      let count = word.scalarCount
      if length + count + 1 > sentenceMax, length > 0 { close() }
      sentence += (length == 0 ? "" : " ") + word
      length += count + (length == 0 ? 0 : 1)
      if endsSentence(word) { close() }
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
  static func endsSentence(_ word: Substring) -> Bool {
    var bare = word
    while let last = bare.last, "\"')”’".contains(last) { bare.removeLast() }
    guard let last = bare.last, ".!?…".contains(last) else { return false }
    guard last == "." else { return true }
    let word = bare.split(separator: " ").last ?? bare
    return !abbreviations.contains(Substring(word.dropLast().lowercased()))
  }
}
