import CallCore

/// Cuts a long text into pieces that a synthesiser takes: sentences, and where one is too long, at commas or blanks.
public enum SpokenParagraph {
  /// Most characters of a piece; an engine takes 500, and shorter ones sound better.
  public static let pieceMax = 300
  /// Most characters of a text: an hour of speech.
  public static let textMax = 50_000

  /// Cuts `text`.
  ///
  /// - Returns: pieces in order, each with something to say.
  public static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var length = 0
    func close() {
      if piece.contains(where: { $0.isLetter || $0.isNumber }) { pieces.append(piece) }
      (piece, length) = ("", 0)
    }
    let words = text.split(whereSeparator: \.isWhitespace)
      .flatMap { SentenceSplitter.parts(of: $0, max: pieceMax) }
    for (index, word) in words.enumerated() {
      let count = word.scalarCount
      if length + count >= pieceMax { close() }
      piece += (length == 0 ? "" : " ") + word
      length += count + (length == 0 ? 0 : 1)
      let isEnd = endsSentence(word, before: words.dropFirst(index + 1).first)
      if isEnd || (length > pieceMax / 2 && word.last == ",") { close() }
    }
    close()
    return pieces
  }

  private static func endsSentence(_ word: Substring, before next: Substring?) -> Bool {
    let mark = word.reversed().first { !"\"')”’".contains($0) }
    return mark.map { "。！？".contains($0) } ?? false || SentenceSplitter.endsSentence(word, before: next)
  }
}
