/// A word of a text, with the white space in front of it and the marks around it.
struct TextToken {
  /// In front; empty for the first word.
  var space: String
  /// Opening marks, such as `(` and `"`.
  var lead: String
  /// What is between the marks; empty for a word of marks alone.
  var core: String
  /// Closing marks, such as `.` and `)`.
  var trail: String
  /// Whether `core` is a word in small letters without a point: nothing to look at.
  let isPlain: Bool

  private static let opening: Set<Unicode.Scalar> = ["\"", "'", "(", "[", "{", "“", "‘", "«", "„", "¿", "¡"]
  private static let closing: Set<Unicode.Scalar> = [
    ".", ",", ";", ":", "!", "?", "\"", "'", ")", "]", "}", "”", "’", "»", "…",
  ]

  /// Short forms in small letters without a point.
  private static let shortForms: Set<String> = ["am", "pm", "vs", "etc", "aka", "asap"]

  /// Every word of a text, in order. White space at its end goes with a last word without any marks.
  static func tokens(of text: String) -> [TextToken] {
    var tokens: [TextToken] = []
    let scalars = text.unicodeScalars
    var place = scalars.startIndex
    while place < scalars.endIndex {
      let start = scalars[place...].firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
      let end = scalars[start...].firstIndex { $0.properties.isWhitespace } ?? scalars.endIndex
      tokens.append(TextToken(space: String(scalars[place..<start]), word: scalars[start..<end]))
      place = end
    }
    return tokens
  }

  private init(space: String, word: Substring.UnicodeScalarView) {
    self.space = space
    let inner = word.drop { Self.opening.contains($0) }
    let end = inner.lastIndex { !Self.closing.contains($0) }.map { inner.index(after: $0) } ?? inner.startIndex
    lead = String(Substring(word[..<inner.startIndex]))
    core = String(Substring(inner[..<end]))
    trail = String(Substring(inner[end...]))
    isPlain =
      trail.first != "." && !Self.shortForms.contains(core)
      && core.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
  }

  /// Unicode scalars of it with its white space and marks.
  var scalarCount: Int { space.scalarCount + lead.scalarCount + core.scalarCount + trail.scalarCount }
  /// Whether nothing stands between this word and the next but white space.
  var isOpen: Bool { trail.isEmpty }
  /// Whether a sentence ends here.
  var endsSentence: Bool { trail.contains { ".!?…".contains($0) } }
  /// Small letters of `core`.
  var lower: String { core.lowercased() }
  /// Whether it begins with a capital letter.
  var isCapitalized: Bool { core.first?.isUppercase ?? false }
  /// Whether `core` is ASCII digits alone.
  var isDigits: Bool { core.isDigits }
}

extension [TextToken] {
  /// The word at `index` if it follows the one before it with nothing but white space between them.
  func follower(_ index: Int) -> TextToken? {
    guard indices.contains(index), index > 0, self[index - 1].isOpen, self[index].lead.isEmpty else { return nil }
    return self[index]
  }

  /// Small letters of the word before `index` in the same sentence; empty where there is none.
  func lowerBefore(_ index: Int) -> String {
    guard index > 0, !self[index - 1].endsSentence else { return "" }
    return self[index - 1].lower
  }
}

extension StringProtocol {
  /// Whether it is one or more of 0 … 9 alone.
  var isDigits: Bool { !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
  /// Whether it is one or more ASCII letters alone.
  var isLetters: Bool { !isEmpty && utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) } }
}
