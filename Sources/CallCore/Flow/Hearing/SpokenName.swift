/// A person's name.
///
/// Greetings, agreement and carriers ("Hi, this is", "is my name") are taken off at both ends, a correction replaces what was before it, and a
/// spelling behind the name spells its last part. What is left is a name only where no word of it belongs to a question, a refusal or a
/// request.
enum SpokenName {
  /// The name with capitals; `nil` when there is none, or more than one.
  static func value(in text: String) -> String? {
    let text = text.bounded(to: UtteranceWords.charactersMax)
    guard !text.contains(where: { CharacterKind($0) == .number }) else { return nil }
    let words = NameWord.words(of: text)
    guard (1...saidMax).contains(words.count) else { return nil }
    return NameReading(words).name?.joined(separator: " ")
  }

  /// Whoever says more than that does not only say a name.
  private static let saidMax = 40
}

/// One word of the answer.
struct NameWord: Equatable {
  /// As it was written.
  var written: String
  /// Lower case, without apostrophes.
  var plain: String

  static func words(of text: String) -> [NameWord] {
    text.split { !CharacterKind.isOfName($0) }
      .map { String($0).trimming { !$0.isLetter } }
      .map { NameWord(written: $0, plain: UtteranceWords($0).words.joined()) }
      .filter { !$0.plain.isEmpty }
  }

  /// With a capital at the beginning of each part; a name that is all capitals or none gets those that are usual.
  var capitalized: String {
    let isMixed = written.dropFirst().contains(where: \.isUppercase) && written.contains(where: \.isLowercase)
    guard !isMixed else { return written.prefix(1).uppercased() + written.dropFirst() }
    var result = ""
    for character in written.lowercased() {
      let isBegin = result.isEmpty || result.hasSuffix("-") || result.hasSuffix(".") || result.isInitialAndApostrophe
      result += isBegin ? character.uppercased() : String(character)
    }
    if result.hasPrefix("Mc"), result.count > 4 {
      return "Mc" + result.dropFirst(2).prefix(1).uppercased() + result.dropFirst(3)
    }
    return result
  }
}

extension CharacterKind {
  fileprivate static func isOfName(_ character: Character) -> Bool {
    character.isLetter || "'\u{2019}\u{2018}\u{02BC}`-.".contains(character)
  }
}

extension String {
  /// The beginning of "O'Brien".
  fileprivate var isInitialAndApostrophe: Bool {
    count == 2 && first.map { "od".contains($0.lowercased()) } == true && last.map { "'\u{2019}".contains($0) } == true
  }
}
