/// How the words of a `say-as` are read. Words that are no such thing are said as any text is.
enum SayAs: String, CaseIterable, Hashable {
  case cardinal
  case number
  case ordinal
  case characters
  case spellOut = "spell-out"
  case verbatim
  case digits
  case telephone
  case date
  case time
  case currency

  /// Most Unicode scalars that are read so; more are said as any text.
  private static let wordsMax = 200

  static func reading(of tag: SSMLTag) throws(SSMLFault) -> SSMLText.Saying {
    let known = allCases.map(\.rawValue).joined(separator: ", ")
    guard let name = tag["interpret-as"] else { throw tag.fault("needs `interpret-as=\"…\"`: one of \(known)") }
    guard let kind = SayAs(rawValue: name) else {
      throw tag.fault("takes an `interpret-as` of \(known), not \"\(name.bounded(to: 40))\"")
    }
    let format = tag["format"] ?? ""
    if kind == .date, !format.isEmpty, DateFormat(format) == nil {
      throw tag.fault("takes a `format` of \(DateFormat.names) for a date, not \"\(format.bounded(to: 40))\"")
    }
    return .reading(kind, format: format)
  }

  /// What is said.
  /// - Parameters:
  ///   - written: the words between the tags.
  ///   - dates: the order of a date without a `format`.
  func words(for written: String, format: String, dates: DateOrder) -> String {
    let text = written.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let plain = TextNormalizer.spoken(text, dates: dates)
    guard !text.isEmpty, text.scalarCount <= Self.wordsMax else { return plain }
    switch self {
    case .cardinal, .number: return WrittenNumber(text)?.words ?? plain
    case .ordinal: return ordinal(text) ?? plain
    case .characters, .spellOut, .verbatim: return SpelledText.characters(text)
    case .digits:
      return text.allSatisfy { $0.isASCIIDigit || " -./".contains($0) }
        ? SpelledText.groups(text) : SpelledText.characters(text)
    case .telephone: return SpelledText.groups(text)
    case .date: return DateFormat(format)?.words(for: text, dates: dates) ?? DateRule.words(for: text, dates) ?? plain
    case .time: return TimeOfDayRule.Time(text.filter { $0 != " " && $0 != "." })?.words(with: nil) ?? plain
    case .currency: return plain
    }
  }

  private func ordinal(_ text: String) -> String? {
    let digits = text.filter { $0 != "," }
    guard digits.isDigits, digits.count <= 9, let number = Int(digits) else { return nil }
    return NumeralWords.ordinal(number)
  }
}

/// Texts that are said sign by sign.
enum SpelledText {
  private static let signs: [Character: String] = [
    ".": "dot", "@": "at", "-": "dash", "_": "underscore", "/": "slash", "?": "question mark", "=": "equals",
    "&": "and", "+": "plus", "#": "hash", "%": "percent", "~": "tilde", ":": "colon", "*": "star", ",": "comma",
    "!": "exclamation mark", "$": "dollar", "€": "euro", "£": "pound", "'": "apostrophe", "\\": "backslash",
    "(": "open parenthesis", ")": "close parenthesis", ";": "semicolon", "\"": "quote", "|": "bar",
  ]

  /// Letters, digits and signs one by one; a short stop between words.
  static func characters(_ text: String) -> String {
    text.split(separator: " ").map { word in word.map(name).joined(separator: " ") }.joined(separator: ", ")
  }

  /// Digits one by one, with a short stop between groups as they are written: a number of a telephone.
  static func groups(_ text: String) -> String {
    var groups: [String] = []
    var rest = text[...]
    while let first = rest.first {
      let run =
        first.isASCIIDigit
        ? rest.prefix { $0.isASCIIDigit } : first.isLetter ? rest.prefix { $0.isLetter } : rest.prefix(1)
      if first.isASCIIDigit { groups.append(NumeralWords.grouped(run)) }
      if first.isLetter {
        groups.append(["x", "ext"].contains(run.lowercased()) ? "extension" : characters(String(run)))
      }
      if first == "+" { groups.append("plus") }
      rest = rest.dropFirst(run.count)
    }
    // "plus one", "extension two"
    return groups.indices.map { index in
      let isJoined = index == 0 || ["plus", "extension"].contains(groups[index - 1])
      return (index == 0 ? "" : isJoined ? " " : ", ") + groups[index]
    }.joined()
  }

  private static func name(_ character: Character) -> String {
    if character.isASCIIDigit { return NumeralWords.digits(String(character)) }
    return signs[character] ?? (character.isLetter ? IdentifierRule.letters(String(character)) : String(character))
  }
}
