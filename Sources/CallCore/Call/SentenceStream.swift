/// Cuts a text that comes in pieces into sentences, each as soon as it is certain where it ends: at the blank behind it.
package struct SentenceStream: Sendable, Equatable {
  /// What is not said yet: the beginning of a sentence.
  private var rest = ""
  /// Whether the text is for people, once that can be told; nothing of any other is said.
  private var isForPeople: Bool?

  /// Nothing yet.
  package init() {}

  /// - Parameter piece: what comes next.
  /// - Returns: the sentences that are whole with it.
  package mutating func add(_ piece: String) -> [String] {
    rest += piece
    if isForPeople == nil, rest.contains(where: { !$0.isWhitespace }) { isForPeople = ModelAnswer.isForPeople(rest) }
    guard isForPeople == true else { return [] }
    guard piece.contains(where: \.isWhitespace) || rest.scalarCount > SentenceSplitter.sentenceMax,
      let blank = rest.lastIndex(where: \.isWhitespace)
    else { return [] }
    // Only words with a blank behind them are whole.
    var whole = SentenceSplitter.sentences(of: String(rest[..<blank]))
    guard let last = whole.last else { return [] }
    let unfinished = SentenceSplitter.endsSentence(Substring(last)) ? "" : whole.removeLast()
    guard !whole.isEmpty else { return [] }
    let tail = rest[rest.index(after: blank)...]
    rest = unfinished.isEmpty ? String(tail) : "\(unfinished) \(tail)"
    return whole
  }

  /// The text is over.
  /// - Parameter isCut: it ends in the middle; then half a sentence is left out where whole ones went before it.
  /// - Returns: what was left of it.
  package mutating func finish(isCut: Bool) -> [String] {
    defer { rest = "" }
    guard isForPeople == true, !isCut else { return [] }
    return SentenceSplitter.sentences(of: rest)
  }
}
