package import CallCore

/// A text that a synthesiser accepts: something to say, and not too much of it.
package struct SpokenText: Sendable {
  /// Longest text of one call of `SpeechSynthesizer.synthesize`, in characters.
  package static let charactersMax = 500

  /// Without control characters, such as the line breaks of a prompt file; words that no language has are cut (`WordCutter`).
  package let text: String

  /// - Throws: `.unsupported` for a text without letters or digits, or with more than 500 characters.
  package init(_ text: String) throws(EngineError) {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw .unsupported("text without words") }
    guard text.scalarCount <= Self.charactersMax else {
      throw .unsupported("a text of \(text.scalarCount) characters; at most \(Self.charactersMax) are spoken at once")
    }
    self.text = WordCutter.cut(
      String(text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? " " : $0 }))
  }
}

/// Cuts words that no language has, so that the rest is spoken: eSpeak NG 1.51 ends itself on 85 times `A.`, 68 times `s'` and 162 letters
/// of Danish, and hibari's network was trained on nothing like it. Every letter is still said.
struct WordCutter {
  /// Longest word that is left whole, in characters: the longest place name in use has 58 letters, German compounds up to 80 are rare.
  static let lettersMax = 80
  /// Most apostrophes of a word that is left whole: `fo'c's'le` has three.
  static let apostrophesMax = 3
  /// Unicode scalars of one character that are kept; letters with more marks than that are written by nobody.
  static let scalarsMax = 8
  /// Length of the pieces of a longer word, at most; they end behind a mark where one is near.
  private static let pieceLettersMax = 40
  /// Apostrophes of a piece, at most: Kyrgyz ends at the third `s'`.
  private static let pieceApostrophesMax = 2

  private static let apostrophes: Set<Character> = ["'", "’", "‘", "ʼ", "`", "´"]
  /// Scripts that set no blanks between words: Thai, Lao, Tibetan, Burmese, Khmer, Chinese and Japanese.
  private static let blanklessScripts: [ClosedRange<UInt32>] = [
    0x0E00...0x109F, 0x1780...0x17FF, 0x2E80...0xA4CF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x20000...0x3FFFF,
  ]

  private var result = ""
  private var word: [Character] = []

  static func cut(_ text: String) -> String {
    var cutter = WordCutter()
    for character in text {
      if character.isWhitespace || isBlankless(character) {
        cutter.endWord()
        cutter.result.append(bounded(character))
      } else {
        cutter.word.append(bounded(character))
      }
    }
    cutter.endWord()
    return cutter.result
  }

  private mutating func endWord() {
    let apostrophes = word.count { Self.apostrophes.contains($0) }
    if word.count <= Self.lettersMax, apostrophes <= Self.apostrophesMax {
      result += word
    } else {
      result += Self.pieces(of: word[...]).joined(separator: " ")
    }
    word.removeAll(keepingCapacity: true)
  }

  private static func pieces(of word: ArraySlice<Character>) -> [ArraySlice<Character>] {
    var pieces: [ArraySlice<Character>] = []
    var rest = word
    while !rest.isEmpty {
      let piece = firstPiece(of: rest)
      pieces.append(piece)
      rest = rest[piece.endIndex...]
    }
    return pieces
  }

  private static func firstPiece(of word: ArraySlice<Character>) -> ArraySlice<Character> {
    var piece = word.prefix(pieceLettersMax)
    let extra = piece.indices.filter { apostrophes.contains(piece[$0]) }.dropFirst(pieceApostrophesMax).first
    if let extra { piece = piece[..<extra] }
    guard piece.count == pieceLettersMax, piece.endIndex < word.endIndex else { return piece }
    let mark = piece.suffix(pieceLettersMax / 2).lastIndex { !$0.isLetter && !$0.isNumber }
    return mark.map { piece[...$0] } ?? piece
  }

  private static func isBlankless(_ character: Character) -> Bool {
    guard let value = character.unicodeScalars.first?.value, value >= 0x0E00 else { return false }
    return blanklessScripts.contains { $0.contains(value) }
  }

  private static func bounded(_ character: Character) -> Character {
    guard character.unicodeScalars.count > scalarsMax else { return character }
    var kept = String.UnicodeScalarView()
    kept.append(contentsOf: character.unicodeScalars.prefix(scalarsMax))
    // What is cut off a character at most makes it two.
    return String(kept).first ?? character
  }
}

extension SpeakingStyle {
  /// - Throws: `.unsupported` outside `SpeakingStyle.range`.
  func check() throws(EngineError) {
    let range = Self.range
    guard range.contains(ratePercent), range.contains(pitchPercent) else {
      throw .unsupported(
        "a rate of \(ratePercent) % and a pitch of \(pitchPercent) %; each can be \(range.lowerBound) to \(range.upperBound)"
      )
    }
  }
}
