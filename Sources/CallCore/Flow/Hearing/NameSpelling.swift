/// Names that callers spell: "Miller, M I L L E R", "M-I-double L-E-R", "Anna with two n's".
enum NameSpelling {
  /// The words without what was spelled, and the letters of that in lower case. Initials ("J. K. Rowling") are not spelled.
  static func takenOff(_ words: [NameWord]) -> (rest: [NameWord], spelled: [String]) {
    var rest: [NameWord] = []
    var spelled: [String] = []
    var index = 0
    while index < words.count {
      if let length = remark(words, at: index) {
        index += length
        continue
      }
      let run = letters(words, at: index)
      if run.letters.count >= lettersMin, !isInitials(run, of: words, after: rest) {
        spelled.append(run.letters)
        index = run.end
        // "spelled" says nothing itself.
        while let last = rest.last, ["spelled", "spelt", "thats", "its", "and"].contains(last.plain) {
          rest.removeLast()
        }
      } else {
        rest.append(words[index])
        index += 1
      }
    }
    return (rest, spelled)
  }

  /// Two letters are initials.
  private static let lettersMin = 3

  /// "J. R. R. Tolkien".
  private static func isInitials(_ run: (letters: String, end: Int), of words: [NameWord], after rest: [NameWord])
    -> Bool
  {
    let name = words[run.end...].map(\.plain)
    return rest.isEmpty && run.letters.count == lettersMin && !name.isEmpty && !name.contains(run.letters)
  }

  /// The name as it was spelled; `nil` where the letters are not those of any part of the name, or nearly.
  static func applied(_ spelled: [String], to name: [NameWord]) -> [NameWord]? {
    guard let letters = spelled.last else { return name.contains { $0.plain.count > 1 } ? name : nil }
    guard Set(spelled).count == 1 else { return nil }
    if name.isEmpty { return [NameWord(written: letters, plain: letters)] }
    let plain = name.map { bare($0.plain) }
    if plain.contains(letters) || plain.joined() == letters { return name }
    guard let part = plain.lastIndex(where: { isNearly($0, letters) }) else { return nil }
    var mended = name
    mended[part] = NameWord(written: letters, plain: letters)
    return mended
  }

  /// Whether one may be a mishearing of the other: at most every third letter differs, and one in any case.
  static func isNearly(_ left: String, _ right: String) -> Bool {
    let most = max(1, max(left.utf8.count, right.utf8.count) / 3)
    return EditDistance.of(Array(left.utf8), Array(right.utf8), atMost: most) <= most
  }

  /// "With two n's", "without the h", "with a k at the end": words that it takes.
  private static func remark(_ words: [NameWord], at index: Int) -> Int? {
    guard ["with", "without"].contains(words[index].plain), index + 2 < words.count,
      ["a", "an", "the", "one", "two", "double", "three"].contains(words[index + 1].plain)
    else { return nil }
    let letter = words[index + 2].plain
    guard letter.count == 1 || letter.count == 2 && letter.hasSuffix("s") else { return nil }
    let end = words[(index + 3)...].prefix(3).map(\.plain)
    return end == ["at", "the", "end"] ? 6 : 3
  }

  /// Letters that stand one behind the other from `index` on, and where they end.
  private static func letters(_ words: [NameWord], at index: Int) -> (letters: String, end: Int) {
    var letters = ""
    var end = index
    while end < words.count {
      let word = words[end]
      if word.plain == "double", end + 1 < words.count, words[end + 1].plain.count == 1 {
        letters += words[end + 1].plain + words[end + 1].plain
        end += 2
      } else if let own = Self.letters(of: word) {
        letters += own
        end += 1
      } else {
        break
      }
    }
    return (letters, end)
  }

  /// `M`, `M-I-L`, `M.I.L.`
  private static func letters(of word: NameWord) -> String? {
    let pieces = word.written.split { $0 == "-" || $0 == "." }
    return pieces.allSatisfy { $0.count == 1 } ? pieces.joined().lowercased() : nil
  }

  /// Without accents that nobody spells.
  private static func bare(_ word: String) -> String { word.filter { $0.isLetter } }
}
