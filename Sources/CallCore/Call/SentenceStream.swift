/// Cuts a language model's text, which comes in pieces, into the sentences that are said, each as soon as it is certain where it ends: at the blank
/// behind it. From a word on that begins like JSON or markup nothing more is said: that is no talk.
package struct SentenceStream: Sendable, Equatable {
  /// What is not said yet: the beginning of a sentence.
  private var rest = ""
  /// Its Unicode scalars: counting them again for each piece would take time that grows with its square.
  private var length = 0
  /// Whether what was not for people came.
  private var isOver = false
  /// Whether a sentence was whole.
  private var hasWhole = false

  /// Nothing yet.
  package init() {}

  /// - Parameter piece: what comes next.
  /// - Returns: the sentences that are whole with it.
  package mutating func add(_ piece: String) -> [String] {
    guard !isOver else { return [] }
    let words = piece.filter { $0 != "*" }  // marks that make words bold are not read aloud
    rest += words
    length += words.scalarCount
    // A word without end is not waited for.
    guard length <= 2 * SentenceSplitter.sentenceMax else { return finish(isCut: false) }
    guard piece.contains(where: \.isWhitespace), let blank = rest.lastIndex(where: \.isWhitespace) else { return [] }
    // Only words with a blank behind them are whole.
    var whole = SentenceSplitter.sentences(of: String(rest[..<blank]))
    guard let last = whole.last else { return [] }
    let unfinished = SentenceSplitter.endsSentence(Substring(last), before: nil) ? "" : whole.removeLast()
    guard !whole.isEmpty else { return [] }
    let tail = rest[rest.index(after: blank)...]
    rest = unfinished.isEmpty ? String(tail) : "\(unfinished) \(tail)"
    length = rest.scalarCount
    return sayable(whole)
  }

  /// The text is over.
  /// - Parameter isCut: it ends in the middle; then half a sentence is left out where whole ones went before it.
  /// - Returns: what was left of it.
  package mutating func finish(isCut: Bool) -> [String] {
    defer { (rest, length) = ("", 0) }
    guard !isOver, !(isCut && hasWhole) else { return [] }
    return sayable(SentenceSplitter.sentences(of: rest))
  }

  private mutating func sayable(_ whole: [String]) -> [String] {
    var talk: [String] = []
    for sentence in whole where !isOver {
      let words = sentence.split(separator: " ")
      let said = words.prefix { !"{[<`".contains($0.first ?? " ") }
      isOver = said.count < words.count
      let text = isOver ? said.joined(separator: " ") : sentence
      if text.contains(where: { $0.isLetter || $0.isNumber }) { talk.append(text) }
    }
    hasWhole = hasWhole || !talk.isEmpty
    return talk
  }
}

extension ModelAnswer {
  /// What of its words is said, sentence by sentence.
  package var spokenSentences: [String] {
    var stream = SentenceStream()
    return stream.add(text) + stream.finish(isCut: finish == .length)
  }

  /// The same as one text.
  package var spokenText: String { spokenSentences.joined(separator: " ") }
}
