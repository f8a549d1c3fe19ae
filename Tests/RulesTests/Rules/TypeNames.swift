/// Types are called what telephony, WebSockets, web servers and databases call them (`Sources/ARCHITECTURE.md`, Glossary).
enum TypeNames {
  /// Last words of a private language. Each stood for several things, and a reader had to learn it first.
  private static let forbidden: Set = [
    "Answers", "Board", "Book", "Books", "Clerk", "Deck", "Desk", "Doorkeeper", "Draft", "Ear", "Glance", "Luck",
    "Mind", "Office", "Outlet",
    "Passage", "Placer", "Room", "Sheet", "Shelf", "Shelves", "Surroundings", "Tape", "Trial", "Wish", "Workshop",
  ]
  private static let kinds: Set = ["struct", "class", "enum", "protocol", "actor", "typealias"]

  static func metaphors(in file: SourceFile) -> [Violation] {
    let tokens = file.tokens
    return tokens.indices.dropLast().compactMap { index in
      let name = tokens[index + 1].text
      guard kinds.contains(tokens[index].text), name.first?.isUppercase == true, let word = lastWord(of: name),
        forbidden.contains(word)
      else { return nil }
      return Violation(
        file, line: tokens[index + 1].line,
        "\(name): \(word) is a word of nobody's field; see the glossary in ARCHITECTURE.md")
    }
  }

  /// `Desk` of `TestDesk`.
  private static func lastWord(of name: String) -> String? {
    guard let start = name.lastIndex(where: \.isUppercase) else { return nil }
    return String(name[start...])
  }
}
