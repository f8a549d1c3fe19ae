import CallCore

/// Cuts a long text into pieces that a synthesiser takes: sentences, and where one is too long, at commas or blanks.
public enum SpokenParagraph {
  /// Most characters of a piece; an engine takes 500, and shorter ones sound better.
  public static let pieceMax = 300
  /// Most characters of a text: an hour of speech.
  public static let textMax = 50_000

  private static let abbreviations: Set<Substring> = [
    "mr", "mrs", "ms", "dr", "st", "prof", "vs", "e.g", "i.e", "a.m", "p.m",
  ]

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
    for word in text.split(whereSeparator: \.isWhitespace)
      .flatMap({ SentenceSplitter.parts(of: $0, max: pieceMax) })
    {
      let count = word.scalarCount
      if length + count >= pieceMax { close() }
      piece += (length == 0 ? "" : " ") + word
      length += count + (length == 0 ? 0 : 1)
      if endsSentence(word) || (length > pieceMax / 2 && word.last == ",") { close() }
    }
    close()
    return pieces
  }

  private static func endsSentence(_ word: Substring) -> Bool {
    let bare = word.reversed().drop { "\"')”’".contains($0) }
    guard let mark = bare.first, ".!?…。！？".contains(mark) else { return false }
    // A letter that is spelled, or an initial.
    if mark == ".", bare.count == 2, bare.last?.isUppercase ?? false { return false }
    return mark != "."
      || !abbreviations.contains(Substring(bare.dropFirst().reversed().map { $0.lowercased() }.joined()))
  }
}
