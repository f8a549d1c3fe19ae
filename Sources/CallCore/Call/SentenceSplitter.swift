/// Cuts an agent's text into sentences, so that the first can be played while the next is made.
package enum SentenceSplitter {
  /// Most characters of a sentence; longer ones are cut at a comma or a space. An engine's limit is 500.
  static let sentenceMax = 300

  private static let abbreviations: Set<Substring> = ["mr", "mrs", "ms", "dr", "st", "vs", "e.g", "i.e", "a.m", "p.m"]

  /// - Parameter text: any text; white space is folded.
  /// - Returns: sentences with their punctuation, none empty.
  package static func sentences(of text: String) -> [String] {
    var sentences: [String] = []
    var sentence = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if sentence.count + word.count + 1 > sentenceMax, !sentence.isEmpty { close(&sentence, into: &sentences) }
      sentence += (sentence.isEmpty ? "" : " ") + String(word.prefix(sentenceMax))
      if endsSentence(word) { close(&sentence, into: &sentences) }
    }
    close(&sentence, into: &sentences)
    return sentences
  }

  private static func close(_ sentence: inout String, into sentences: inout [String]) {
    if sentence.contains(where: { $0.isLetter || $0.isNumber }) { sentences.append(sentence) }
    sentence = ""
  }

  private static func endsSentence(_ word: Substring) -> Bool {
    var bare = word
    while let last = bare.last, "\"')”’".contains(last) { bare.removeLast() }
    guard let last = bare.last, ".!?…".contains(last) else { return false }
    guard last == "." else { return true }
    return !abbreviations.contains(Substring(bare.dropLast().lowercased()))
  }
}
