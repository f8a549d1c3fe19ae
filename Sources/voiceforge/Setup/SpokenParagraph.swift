/// Cuts a long text into pieces that a synthesiser takes: sentences, and where one is too long, at commas or blanks.
enum SpokenParagraph {
  /// Most characters of a piece; an engine takes 500, and shorter ones sound better.
  static let pieceMax = 300
  /// Most characters of a text: an hour of speech.
  static let textMax = 50_000

  private static let abbreviations: Set<Substring> = [
    "mr", "mrs", "ms", "dr", "st", "prof", "vs", "e.g", "i.e", "a.m", "p.m",
  ]

  /// - Returns: pieces in order, each with something to say.
  static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    func close() {
      if piece.contains(where: { $0.isLetter || $0.isNumber }) { pieces.append(piece) }
      piece = ""
    }
    for word in text.split(whereSeparator: \.isWhitespace) {
      if piece.count + word.count >= pieceMax { close() }
      piece += (piece.isEmpty ? "" : " ") + word.prefix(pieceMax)
      if endsSentence(word) || (piece.count > pieceMax / 2 && word.last == ",") { close() }
    }
    close()
    return pieces
  }

  private static func endsSentence(_ word: Substring) -> Bool {
    let bare = word.reversed().drop { "\"')”’".contains($0) }
    guard let mark = bare.first, ".!?…".contains(mark) else { return false }
    return mark != "."
      || !abbreviations.contains(Substring(bare.dropFirst().reversed().map { $0.lowercased() }.joined()))
  }
}
