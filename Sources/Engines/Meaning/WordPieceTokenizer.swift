/// Splits English text into the word pieces of BERT's lower-case vocabulary (Devlin et al. 2018, "BERT", section 3; Wu et al. 2016,
/// "Google's Neural Machine Translation System", section 4.1). Pure; safe to share.
package struct WordPieceTokenizer: Sendable {
  /// Pieces of the longest text that is looked at, with the two that stand at its ends: some 45 words. What is behind them is left out.
  package static let piecesMax = 64
  /// Characters of a word; a longer one is unknown (BERT's own limit).
  private static let wordMax = 100

  private let ids: [String: Int64]
  private let unknown: Int64
  private let first: Int64
  private let last: Int64
  /// Characters of the longest piece.
  private let pieceMax: Int

  /// - Parameter vocabulary: one piece a line; its number is that of the line, from 0. A piece that goes on a word begins with `##`.
  /// - Returns: `nil` unless it holds `[UNK]`, `[CLS]` and `[SEP]`.
  package init?(vocabulary: String) {
    var ids: [String: Int64] = [:]
    ids.reserveCapacity(32_000)
    var longest = 0
    for (number, line) in vocabulary.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      ids[String(line)] = Int64(number)
      longest = max(longest, line.unicodeScalars.count)
    }
    guard let unknown = ids["[UNK]"], let first = ids["[CLS]"], let last = ids["[SEP]"] else { return nil }
    (self.ids, self.unknown, self.first, self.last, pieceMax) = (ids, unknown, first, last, longest)
  }

  /// Numbers of the pieces, between those of the beginning and the end: 2 … `piecesMax`.
  package func ids(of text: String) -> [Int64] {
    var found = [first]
    for word in Self.words(of: text) {
      found += pieces(of: word)
      if found.count >= Self.piecesMax - 1 { break }
    }
    return Array(found.prefix(Self.piecesMax - 1)) + [last]
  }

  /// The longest piece that begins the word, then the longest that goes on, and so on; one unknown piece where there is no way.
  private func pieces(of word: [Unicode.Scalar]) -> [Int64] {
    guard word.count <= Self.wordMax else { return [unknown] }
    var found: [Int64] = []
    var start = 0
    while start < word.count {
      var end = min(word.count, start + pieceMax)
      var piece: Int64?
      while end > start, piece == nil {
        var text = start > 0 ? "##" : ""
        text.unicodeScalars.append(contentsOf: word[start..<end])
        piece = ids[text]
        if piece == nil { end -= 1 }
      }
      guard let piece else { return [unknown] }
      found.append(piece)
      start = end
    }
    return found
  }

  /// Words without accents in lower case; each punctuation mark and each Chinese character is one by itself.
  private static func words(of text: String) -> [[Unicode.Scalar]] {
    var words: [[Unicode.Scalar]] = []
    var word: [Unicode.Scalar] = []
    func flush() {
      if !word.isEmpty { words.append(word) }
      word = []
    }
    for scalar in text.unicodeScalars {
      switch ScalarRole(scalar) {
      case .nothing: continue
      case .blank: flush()
      case .alone:
        flush()
        words.append([scalar])
      case .letter:
        for plain in LatinLetters.withoutAccent(scalar).properties.lowercaseMapping.unicodeScalars
        where plain.properties.generalCategory != .nonspacingMark {
          word.append(plain)
        }
      }
    }
    flush()
    return words
  }
}

/// What a character is to the splitter.
private enum ScalarRole {
  /// Left out: controls, formats, accents that stand by themselves.
  case nothing
  case blank
  /// A word by itself.
  case alone
  case letter

  init(_ scalar: Unicode.Scalar) {
    if scalar.properties.isWhitespace {
      self = .blank
      return
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .nonspacingMark: self = .nothing
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      self = .alone
    default:
      let isSymbol = scalar.isASCII && !scalar.properties.isAlphabetic && scalar.properties.numericType == nil
      self = scalar == "\u{FFFD}" ? .nothing : isSymbol || Self.isChinese(scalar) ? .alone : .letter
    }
  }

  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}

/// Latin letters that Unicode has with their accents, and without. Other scripts keep theirs: the model knows English.
private enum LatinLetters {
  static func withoutAccent(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.value < 0xC0 ? scalar : plain[scalar] ?? scalar
  }

  /// Made of the rule that a letter and its accents equal the letter that has them; the second round takes the letters with two.
  private static let plain: [Unicode.Scalar: Unicode.Scalar] = {
    let scalars = [0xC0...0x24F, 0x1E00...0x1EFF].flatMap { $0.compactMap { Unicode.Scalar(UInt32($0)) } }
    let composed = Dictionary(scalars.map { (Character($0), $0) }, uniquingKeysWith: { one, _ in one })
    let accents = (0x300...0x331).compactMap { Unicode.Scalar(UInt32($0)) }
    let letters = (0x41...0x5A).map { Unicode.Scalar(UInt8($0)) } + (0x61...0x7A).map { Unicode.Scalar(UInt8($0)) }
    var plain: [Unicode.Scalar: Unicode.Scalar] = [:]
    var bases = letters.map { (letter: $0, plain: $0) }
    for _ in 0..<2 {
      var next: [(letter: Unicode.Scalar, plain: Unicode.Scalar)] = []
      for base in bases {
        for accent in accents {
          var text = String(base.letter)
          text.unicodeScalars.append(accent)
          guard text.count == 1, let letter = composed[Character(text)] else { continue }
          plain[letter] = base.plain
          next.append((letter, base.plain))
        }
      }
      bases = next
    }
    return plain
  }()
}
