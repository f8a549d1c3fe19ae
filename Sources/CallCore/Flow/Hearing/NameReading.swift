/// The name in a line of words.
struct NameReading {
  /// The words of the name with their capitals; `nil` for none, or for several.
  private(set) var name: [String]?

  /// A part of the line between two corrections.
  private enum Part {
    /// Nothing but greetings and carriers.
    case nothing
    case name([NameWord])
    /// Words that are no name.
    case other
  }

  init(_ words: [NameWord]) {
    let parts = Self.split(words).map(Self.part)
    let said = parts.filter { if case .nothing = $0 { false } else { true } }
    guard case .name(let last)? = said.last else { return }
    // "Anna Miller, sorry, Hannah" mends one part of the name, and nobody knows which.
    let isShorter = said.dropLast().contains {
      if case .name(let before) = $0 { before.count > last.count } else { false }
    }
    guard !isShorter else { return }
    name = last.enumerated().map { index, word in
      index > 0 && Self.isParticle(word) ? word.written.lowercased() : word.capitalized
    }
  }

  /// Five parts are a long name: "Maria del Carmen García López".
  private static let partsMax = 5

  /// Endings of "this is ridiculous", "it's complicated".
  private static let judgements = ["ous", "able", "ible", "ated", "ical", "less", "ful"]

  private static func isParticle(_ word: NameWord) -> Bool {
    let isTyped = word.written.first?.isUppercase == true && word.written.dropFirst().contains(where: \.isLowercase)
    return !isTyped && NamePhrase.table.longest(in: [word.plain], at: 0)?.meaning == .particle
  }

  // MARK: Parts of the line

  /// The words between corrections.
  private static func split(_ words: [NameWord]) -> [[NameWord]] {
    var parts: [[NameWord]] = [[]]
    for phrase in phrases(of: words) {
      if phrase.meaning == .correction { parts.append([]) } else { parts[parts.count - 1] += words[phrase.words] }
    }
    return parts
  }

  private struct Phrase {
    var meaning: NamePhrase?
    var words: Range<Int>
  }

  private static func phrases(of words: [NameWord]) -> [Phrase] {
    let plain = words.map(\.plain)
    var phrases: [Phrase] = []
    var index = 0
    while index < words.count {
      let found = NamePhrase.table.longest(in: plain, at: index)
      let end = index + (found?.length ?? 1)
      phrases.append(Phrase(meaning: found?.meaning, words: index..<end))
      index = end
    }
    return phrases
  }

  private static func part(_ words: [NameWord]) -> Part {
    let (rest, spelled) = NameSpelling.takenOff(bare(words))
    let open = bare(rest)
    if open.isEmpty, spelled.isEmpty { return .nothing }
    guard let chosen = withoutExcluded(open) else { return .other }
    let once = withoutRepetition(chosen)
    guard once.isEmpty || isName(once), let name = NameSpelling.applied(spelled, to: once) else { return .other }
    return (1...partsMax).contains(name.count) ? .name(name) : .other
  }

  /// Without what stands around the name.
  private static func bare(_ words: [NameWord]) -> [NameWord] {
    var phrases = phrases(of: words)[...]
    while let last = phrases.last, last.meaning == .polite || last.meaning == .after { phrases.removeLast() }
    while let first = phrases.first, first.meaning == .polite || first.meaning == .before { phrases.removeFirst() }
    return phrases.flatMap { words[$0.words] }
  }

  private static func isName(_ words: [NameWord]) -> Bool {
    // "Peter's fine" says more than a name.
    guard !words.contains(where: { ["'s", "\u{2019}s"].contains($0.written.suffix(2).lowercased()) }) else {
      return false
    }
    if words.count == 1, let word = words.first?.plain,
      judgements.contains(where: { word.count > 6 && word.hasSuffix($0) })
    {
      return false
    }
    let phrases = phrases(of: words)
    return phrases.enumerated().allSatisfy { index, phrase in
      let isLast = index == phrases.count - 1
      switch phrase.meaning {
      case nil: return true
      case .title: return index == 0 && !isLast
      case .particle: return !isLast
      // "Samuel L. Jackson" has an initial that is a word too.
      case .foreign: return index > 0 && !isLast && words[phrase.words.lowerBound].plain.count == 1
      case .polite, .before, .after, .correction, .not, .but: return false
      }
    }
  }

  // MARK: Exclusions and repetitions

  /// "Not Miller but Mueller", "not Miller, Mueller", "Miller, not Mueller"; `nil` where it cannot be told which one counts.
  private static func withoutExcluded(_ words: [NameWord]) -> [NameWord]? {
    let phrases = phrases(of: words)
    guard let not = phrases.firstIndex(where: { $0.meaning == .not }) else { return words }
    let before = Array(words[..<phrases[not].words.lowerBound])
    let after = Array(words[phrases[not].words.upperBound...])
    // "Mueller, not Miller, Anna Mueller": what follows says the name anew.
    if !before.isEmpty {
      return !after.isEmpty && after.count <= before.count && isName(after) ? before : nil
    }
    if let but = Self.phrases(of: after).first(where: { $0.meaning == .but }) {
      let excluded = Array(after[..<but.words.lowerBound])
      return !excluded.isEmpty && isName(excluded) ? bare(Array(after[but.words.upperBound...])) : nil
    }
    let half = after.count / 2
    guard half > 0, after.count == 2 * half,
      NameSpelling.isNearly(after[half - 1].plain, after[2 * half - 1].plain)
    else { return nil }
    return Array(after[half...])
  }

  /// "Anna, Anna Miller" says one name twice over.
  private static func withoutRepetition(_ words: [NameWord]) -> [NameWord] {
    var rest = words
    // "Bond, James Bond."
    if rest.count >= 3, rest.first?.plain == rest.last?.plain { rest.removeFirst() }
    var count = rest.count / 2
    while count > 0 {
      if rest.prefix(count).map(\.plain) == rest.dropFirst(count).prefix(count).map(\.plain) {
        rest.removeFirst(count)
        count = rest.count / 2
      } else {
        count -= 1
      }
    }
    return rest
  }
}
