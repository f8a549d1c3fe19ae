/// Takes out of a text what nobody says: tags, Markdown, emoji, characters without width.
///
/// A tag, a link or an entity is looked for within a fixed number of characters; what is longer is no markup.
struct MarkupFilter {
  /// Longest tag or part of a link, in Unicode scalars.
  private static let markMax = 200
  /// Tags that stand within a word or around one: they leave no gap.
  private static let inlineTags: Set<String> = [
    "b", "i", "em", "strong", "u", "s", "span", "a", "code", "mark", "small", "sub", "sup", "say-as", "prosody",
    "emphasis", "phoneme", "w",
  ]
  private static let entities: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "#39": "'", "nbsp": " ",
  ]

  private let scalars: [Unicode.Scalar]
  private var place = 0
  private var result: [Unicode.Scalar] = []
  /// Behind the last letter or digit, while only white space follows it.
  private var wordEnd: Int?
  /// Whether only white space and marks of lists stand before this place in its line.
  private var isAtLineStart = true

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The text without markup. One without any stays as it is.
  static func words(of text: String) -> String {
    var filter = MarkupFilter(text)
    while filter.place < filter.scalars.count { filter.step() }
    return String(String.UnicodeScalarView(filter.result))
  }

  /// How many scalars of `words(of:)` stand for each word of `text` and what is before it: words within markup share its end.
  static func wordEnds(of text: String) -> [Int] {
    var filter = MarkupFilter(text)
    var (ends, passed) = ([Int](), 0)  // places whose words are noted
    while filter.place < filter.scalars.count {
      filter.step()
      while passed < filter.place {
        passed += 1
        let isEnd = passed == filter.scalars.count || filter.scalars[passed].properties.isWhitespace
        if isEnd, !filter.scalars[passed - 1].properties.isWhitespace { ends.append(filter.keptWithoutBlanks) }
      }
    }
    return ends
  }

  private var keptWithoutBlanks: Int { (result.lastIndex { !$0.properties.isWhitespace } ?? -1) + 1 }

  private mutating func step() {
    let scalar = scalars[place]
    if isAtLineStart, skipLineMark() { return }
    switch scalar {
    case "<" where skipTag(): break
    case "&" where replaceEntity(): break
    case "[" where replaceLink(): break
    case "!" where next == "[" && hasLink(at: place + 1): place += 1
    case "*", "`", "_", "~": skipEmphasis(scalar)
    case "\u{200B}": append(" ")
    case "\u{FEFF}", "\u{AD}": place += 1
    default:
      if Self.isPicture(scalar) { skipPicture() } else { append(scalar) }
    }
  }

  private var next: Unicode.Scalar? { place + 1 < scalars.count ? scalars[place + 1] : nil }
  private var before: Unicode.Scalar? { result.last }

  private mutating func append(_ scalar: Unicode.Scalar) {
    result.append(scalar)
    if !scalar.properties.isWhitespace { wordEnd = Self.isWordScalar(scalar) ? result.endIndex : nil }
    isAtLineStart = scalar == "\n" || (isAtLineStart && scalar.properties.isWhitespace)
    place += 1
  }

  /// `#`, `>`, `-`, `+` and `*` before a blank at the beginning of a line, and lines of `-`, `=`, `*` and `|` alone.
  private mutating func skipLineMark() -> Bool {
    let marks = scalars[place...].prefix(Self.markMax).prefix { "#>-+*=|:•".unicodeScalars.contains($0) }
    guard let first = marks.first, marks.endIndex == scalars.count || scalars[marks.endIndex].properties.isWhitespace
    else { return false }
    guard marks.endIndex < scalars.count, scalars[marks.endIndex] != "\n" || marks.count > 2 else { return false }
    guard marks.count == 1 || first == "#" || marks.count > 2 else { return false }
    // A sum or a number below zero is no list.
    if "+-=".unicodeScalars.contains(first), marks.count == 1, result.isEmpty, !isList(after: marks.endIndex) {
      return false
    }
    endItem()
    place = marks.endIndex
    return true
  }

  private func isList(after end: Int) -> Bool { scalars[end...].dropFirst().first.map { !$0.isDigit } ?? false }

  /// An item of a list ends with a short pause.
  private mutating func endItem() {
    if let wordEnd { result.insert(",", at: wordEnd) }
    wordEnd = nil
  }

  private mutating func skipTag() -> Bool {
    let inside = scalars[(place + 1)...].prefix(Self.markMax)
    guard let first = inside.first,
      first.isASCII && first.properties.isAlphabetic || "/!?".unicodeScalars.contains(first),
      let end = inside.firstIndex(of: ">")
    else { return false }
    // An address between brackets: `<jane@example.com>`, `<https://example.com>`.
    let words = String(String.UnicodeScalarView(inside[..<end]))
    if !words.contains(" "), words.contains("@") || words.contains("://") {
      result += inside[..<end]
      (isAtLineStart, wordEnd) = (false, nil)
      place = end + 1
      return true
    }
    let name = inside[..<end].drop { $0 == "/" }.prefix { $0.isASCII && ($0.properties.isAlphabetic || $0 == "-") }
    if !Self.inlineTags.contains(String(String.UnicodeScalarView(name)).lowercased()),
      before.map({ !$0.properties.isWhitespace }) ?? false
    {
      result.append(" ")
    }
    place = end + 1
    return true
  }

  private mutating func replaceEntity() -> Bool {
    let inside = scalars[(place + 1)...].prefix(8)
    guard let end = inside.firstIndex(of: ";"),
      let written = Self.entities[String(String.UnicodeScalarView(inside[..<end]))]
    else { return false }
    result.append(contentsOf: written.unicodeScalars)
    (isAtLineStart, wordEnd) = (false, nil)
    place = end + 1
    return true
  }

  private func hasLink(at place: Int) -> Bool { link(at: place) != nil }

  /// Where the words of a link end, and where the link does.
  private func link(at place: Int) -> (words: Int, end: Int)? {
    let inside = scalars[(place + 1)...].prefix(Self.markMax)
    guard let words = inside.firstIndex(of: "]"), words + 1 < scalars.count, scalars[words + 1] == "(",
      let end = scalars[(words + 2)...].prefix(Self.markMax).firstIndex(of: ")")
    else { return nil }
    return (words, end)
  }

  private mutating func replaceLink() -> Bool {
    guard let link = link(at: place) else { return false }
    let words = String(String.UnicodeScalarView(scalars[(place + 1)..<link.words]))
    result.append(contentsOf: words.filter { !"*_`[]<>".contains($0) }.unicodeScalars)
    (isAtLineStart, wordEnd) = (false, nil)
    place = link.end + 1
    return true
  }

  /// Marks of emphasis and of code are silent; a star between numbers and a line within a name are not emphasis.
  private mutating func skipEmphasis(_ mark: Unicode.Scalar) {
    let run = scalars[place...].prefix(Self.markMax).prefix { $0 == mark }
    let after = run.endIndex < scalars.count ? scalars[run.endIndex] : nil
    let isInWord = (before.map(Self.isWordScalar) ?? false) && (after.map(Self.isWordScalar) ?? false)
    let isBetweenBlanks =
      (before?.properties.isWhitespace ?? false) && (after?.properties.isWhitespace ?? false)
    let isKept =
      run.count == 1
      && (mark == "_" && isInWord
        || mark == "*" && (isBetweenBlanks || after?.isDigit ?? false && !(before.map(Self.isLetter) ?? false))
        || mark == "~" && (after?.isDigit ?? false || isInWord))
    if isKept {
      result.append(mark)
      wordEnd = nil
    }
    isAtLineStart = false
    place = run.endIndex
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isAlphabetic }

  private static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.isDigit
  }

  private mutating func skipPicture() {
    isAtLineStart = false
    place += 1
  }

  /// Emoji, what joins and colours them, arrows, boxes and marks of trade; not `°` and `№`, which are said.
  private static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value > 0x7F else { return false }
    switch scalar.value {
    case 0xB0, 0x2116, 0x2100...0x2109: return false
    case 0xFE00...0xFE0F, 0x200D, 0x20E3, 0xE0020...0xE007F, 0x1F3FB...0x1F3FF, 0x2022: return true
    default: return scalar.properties.generalCategory == .otherSymbol || scalar.properties.isEmojiPresentation
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is one of 0 … 9.
  var isDigit: Bool { ("0"..."9").contains(self) }
}
