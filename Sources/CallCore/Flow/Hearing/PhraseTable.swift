/// Phrases and what they mean, found by their first word.
struct PhraseTable<Meaning: Sendable>: Sendable {
  private let byFirstWord: [String: [(words: [String], meaning: Meaning)]]

  /// - Parameter phrases: of lower-case words with blanks between, at least one each.
  init(_ phrases: [(String, Meaning)]) {
    var table: [String: [(words: [String], meaning: Meaning)]] = [:]
    for (phrase, meaning) in phrases {
      let words = phrase.split { $0.isWhitespace }.map(String.init)
      guard let first = words.first else { continue }
      table[first, default: []].append((words, meaning))
    }
    byFirstWord = table.mapValues { $0.sorted { $0.words.count > $1.words.count } }
  }

  /// - Parameter rows: each meaning with its phrases, commas between.
  init(_ rows: [(meaning: Meaning, phrases: String)]) {
    self.init(rows.flatMap { row in row.phrases.split(separator: ",").map { (String($0), row.meaning) } })
  }

  /// The longest phrase that begins at `index`, if one does.
  func longest(in words: [String], at index: Int) -> (meaning: Meaning, length: Int)? {
    guard index < words.count, let phrases = byFirstWord[words[index]] else { return nil }
    let found = phrases.first { words[index...].starts(with: $0.words) }
    return found.map { ($0.meaning, $0.words.count) }
  }

  /// What the words mean, one phrase behind the other; `other` for each word that begins none.
  func reading(_ words: [String], other: Meaning) -> [Meaning] {
    var meanings: [Meaning] = []
    var index = 0
    while index < words.count {
      let found = longest(in: words, at: index)
      meanings.append(found?.meaning ?? other)
      index += found?.length ?? 1
    }
    return meanings
  }
}

extension PhraseTable where Meaning == Void {
  /// Phrases that all mean the same.
  init(_ phrases: [String]) { self.init(phrases.map { ($0, ()) }) }
}
