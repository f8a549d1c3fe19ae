/// Splits a text into lowercased words for `EnglishWords`, with contractions written out. Digits and letters are words apart, but for
/// `1st` and `90s`; `.` before a digit, `%` and signs of money are parts of words until numbers were read.
struct EnglishWordScanner {
  private let text: [Unicode.Scalar]
  private let rules: EnglishWords.Rules
  private var index = 0
  private var found: [String] = []
  /// UTF-8 of the word that is being read.
  private var word: [UInt8] = []
  /// Whether `word` stands right behind a digit or, of digits, behind a letter: no contraction or title is one then.
  private var touches = false
  /// Whether nothing but blanks, or nothing, stands behind the last word.
  private var onlyBlanks = false
  /// Closing brackets of which none is ahead.
  private var missing: [Unicode.Scalar] = []
  /// Whether the last word came of `'s` or `'d`, whose meaning the next word decides: "he's been", "he'd gone".
  private var isOpen = false

  /// Whether words were found of which the reading of numbers makes others.
  private(set) var hasNumbers = false

  init(_ text: String, _ rules: EnglishWords.Rules) {
    self.text = Array(text.unicodeScalars)
    self.rules = rules
  }

  /// All words. To be called once.
  mutating func words() -> [String] {
    while index < text.count {
      let scalar = text[index]
      if scalar.isASCII { readASCII(UInt8(scalar.value)) } else { readOther(scalar) }
      index += 1
    }
    flush()
    return found
  }

  private mutating func readASCII(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): readLetter(byte)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): readLetter(byte | 0x20)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): readDigit(byte)
    case UInt8(ascii: "'"): readApostrophe()
    case UInt8(ascii: "$"), UInt8(ascii: "%"): word.append(byte)
    case UInt8(ascii: "."): if digit(at: index + 1) { word.append(byte) } else { separate() }
    case UInt8(ascii: ","): if !(word.last?.isDigit == true && digit(at: index + 1)) { separate() }
    case UInt8(ascii: ":"): readColon()
    case UInt8(ascii: "<"), UInt8(ascii: "["): skip(to: [">", "]"])
    case UInt8(ascii: "("): skip(to: [")"])
    case UInt8(ascii: " "), UInt8(ascii: "\t")...UInt8(ascii: "\r"): flush()
    default: separate()
    }
  }

  private mutating func readOther(_ scalar: Unicode.Scalar) {
    if scalar == "\u{2019}" { return readApostrophe() }
    if ["\u{A2}", "\u{A3}", "\u{20AC}"].contains(scalar) { return word.append(contentsOf: String(scalar).utf8) }
    if let plain = LatinLetters.plain[scalar] { return plain.utf8.forEach { readLetter($0) } }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      word.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
    case .nonspacingMark, .spacingMark, .enclosingMark: break  // of the letter before
    case .spaceSeparator, .lineSeparator, .paragraphSeparator: flush()
    default: separate()
    }
  }

  private mutating func readLetter(_ letter: UInt8) {
    if word.last?.isDigit == true {
      if let suffix = numberSuffix() {
        word.append(contentsOf: suffix.utf8)
        index += suffix.utf8.count - 1
        return
      }
      flush()
      touches = true
    }
    word.append(letter)
  }

  private mutating func readDigit(_ digit: UInt8) {
    if word.last?.isLetter == true {
      touches = true
      flush()
    }
    word.append(digit)
  }

  /// `7:30` is 730, `07:00` is 700. Only by our own rules; not where seconds follow.
  private mutating func readColon() {
    guard rules == .voiceforge, (1...2).contains(word.count), word.allSatisfy(\.isDigit), digit(at: index + 1),
      digit(at: index + 2), text[index + 1].value < 0x36, !digit(at: index + 3),
      !(index + 4 < text.count && text[index + 3] == ":" && digit(at: index + 4))
    else { return separate() }
    if word.count == 2, word[0] == UInt8(ascii: "0"), word[1] != UInt8(ascii: "0") { word.removeFirst() }
  }

  /// `st`, `nd`, `rd`, `th` or `s` from here to the end of the letters.
  private func numberSuffix() -> String? {
    let letters = letters(from: index, atMost: 3)
    return ["st", "nd", "rd", "th", "s"].first { $0 == letters }
  }

  /// Lowercased; empty when there are more.
  private func letters(from start: Int, atMost most: Int) -> String {
    var letters = ""
    var end = start
    while end < text.count, text[end].isWordPart {
      guard end - start < most, text[end].isASCII else { return "" }
      letters += text[end].properties.lowercaseMapping
      end += 1
    }
    return letters
  }

  private func digit(at index: Int) -> Bool { index < text.count && ("0"..."9").contains(text[index]) }

  /// Leaves out what stands in brackets; a bracket that is never closed is only a mark.
  private mutating func skip(to closing: [Unicode.Scalar]) {
    guard !missing.contains(closing[0]) else { return separate() }
    guard let end = text[index...].firstIndex(where: closing.contains) else {
      missing.append(closing[0])
      return separate()
    }
    if closing.count == 1, end == index + 1 { return separate() }  // `()` leaves nothing out
    index = end
  }

  private mutating func separate() {
    flush()
    onlyBlanks = false
    isOpen = false
  }

  /// Ends the word.
  private mutating func flush() {
    guard !word.isEmpty else { return }
    let text = String(decoding: word, as: UTF8.self)
    if touches { append(text) } else { writeOut(text) }
    word.removeAll(keepingCapacity: true)
    touches = false
    onlyBlanks = true
  }

  private mutating func writeOut(_ text: String) {
    if let words = EnglishContractions.whole[text] { return words.forEach { append($0) } }
    if rules == .voiceforge, let words = EnglishContractions.withoutApostrophe[text] {
      return words.forEach { append($0) }
    }
    if let last = found.last {
      if last.utf8.last?.isDigit == true, ["nd", "rd", "th", "s"].contains(text) {
        found[found.count - 1] += text
        return
      }
      if isOpen, onlyBlanks, let better = EnglishContractions.beforeParticiple[last]?[text] {
        found[found.count - 1] = better
      }
      if rules == .voiceforge, let whole = EnglishContractions.compounds[text]?[last] {
        found[found.count - 1] = whole
        return
      }
    }
    append(text)
  }

  private mutating func append(_ text: String) {
    isOpen = false
    found.append(text)
    if !hasNumbers { hasNumbers = EnglishNumberWord.isNumber(text) }
  }

  /// Of a contraction, or a mark. Blanks before one do not count.
  private mutating func readApostrophe() {
    guard !word.isEmpty || onlyBlanks, let stem = word.isEmpty ? found.last : String(decoding: word, as: UTF8.self)
    else { return separate() }
    let letters = letters(from: index + 1, atMost: 3)
    guard let written = EnglishContractions.written(stem, letters) else { return separate() }
    if let stem = written.stem {
      if word.isEmpty { found.removeLast() }
      word = Array(stem.utf8)
    }
    flush()
    written.rest.forEach { append($0) }
    onlyBlanks = true
    isOpen = written.stem == nil && (letters == "s" || letters == "d")
    index += letters.utf8.count
  }
}

extension EnglishWordScanner {
  /// Bytes of the sign of money, per cent or fraction at `index` of a word; 0 when there is none.
  static func signLength(at index: Int, in word: [UInt8]) -> Int {
    switch word[index] {
    case UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "."): 1
    case 0xC2 where index + 1 < word.count && (word[index + 1] == 0xA2 || word[index + 1] == 0xA3): 2
    case 0xE2 where word[index...].starts(with: [0xE2, 0x82, 0xAC]): 3
    default: 0
    }
  }
}

extension Unicode.Scalar {
  /// Part of a word, as regular expressions have it.
  fileprivate var isWordPart: Bool {
    isASCII
      ? UInt8(value).isDigit || UInt8(value | 0x20).isLetter || self == "_"
      : properties.isAlphabetic || properties.numericType != nil
  }
}
