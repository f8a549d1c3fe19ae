/// A part of a sentence up to a punctuation mark. eSpeak NG drops marks from its phonemes, but hibari's network hears pauses
/// and melody in them, so the text is cut before it is given to eSpeak.
struct SpokenClause: Equatable {
  /// With its mark, because eSpeak reads abbreviations such as `a.m.` by it.
  var text: String
  /// The mark as the network knows it: one of `, ; : . ! ? … —`.
  var mark: Unicode.Scalar

  /// Marks that end a clause when a blank or the end follows.
  private static let marks: [Character: Unicode.Scalar] = [
    ",": ",", ";": ";", ":": ":", ".": ".", "!": "!", "?": "?", "…": "…", "—": "—", "–": "—",
  ]
  /// Their full stop ends no clause.
  private static let titles: Set<String> = [
    "Dr", "Mr", "Mrs", "Ms", "Prof", "St", "Mt", "Lt", "Col", "Gen", "Sgt", "Rev",
  ]

  /// - Returns: clauses in order; the last ends with a full stop when the text has no mark of its own.
  static func clauses(of text: String) -> [SpokenClause] {
    var clauses: [SpokenClause] = []
    var current = ""
    var mark: Unicode.Scalar?
    for word in text.split(separator: " ") {
      if current.isEmpty, let last = clauses.indices.last, word.allSatisfy({ marks[$0] != nil }) {
        clauses[last].mark = word.first.flatMap { marks[$0] } ?? clauses[last].mark
        continue
      }
      mark = endMark(of: word)
      current += (current.isEmpty ? "" : " ") + (isTitle(word) ? String(word.dropLast()) : String(word))
      if let mark {
        clauses.append(SpokenClause(text: current, mark: mark))
        current = ""
      }
    }
    if !current.isEmpty { clauses.append(SpokenClause(text: current, mark: ".")) }
    return clauses
  }

  private static func isTitle(_ word: Substring) -> Bool {
    word.last == "." && titles.contains(String(word.dropLast()))
  }

  /// The mark that a word ends with, behind closing quotes and brackets. Abbreviations such as `a.m.` and initials such as
  /// `J.` end no clause.
  private static func endMark(of word: Substring) -> Unicode.Scalar? {
    let bare = word.drop { "\"“‘'(".contains($0) }
    let end = bare.lastIndex { !"\"”’')]".contains($0) }
    guard let end, let mark = marks[bare[end]] else { return nil }
    let stem = bare[..<end]
    guard bare[end] == "." else { return mark }
    if stem.last == "." { return "…" }
    let isAbbreviation = stem.contains(".") && stem.allSatisfy { $0.isLetter || $0 == "." }
    return isTitle(bare) || isAbbreviation || (stem.count == 1 && stem.first?.isUppercase == true) ? nil : mark
  }
}
