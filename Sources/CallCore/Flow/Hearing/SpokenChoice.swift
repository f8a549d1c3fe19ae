/// One of the choices of a flow: "tea", "not tea, coffee", "coffee – no, tea".
enum SpokenChoice {
  /// The choice that was said; of several words for choices at one place the longest, of equal ones the first. Where none is there, the only
  /// one that was nearly said.
  /// - Returns: `nil` for none, for "tea or coffee", for "anything but tea".
  static func value(in heard: UtteranceWords, of choices: [SlotChoice], isConfirming: Bool = false) -> String? {
    guard heard.words.count <= UtteranceWords.valueWordsMax else { return nil }
    let index = UtteranceIndex(heard)
    let singular = singular(heard)
    let singularIndex = UtteranceIndex(singular)
    let matches = choices.indices.flatMap { choice in
      choices[choice].patterns.compactMap { pattern in
        var length = pattern.length(in: index)
        if length == 0, case .phrase = pattern { length = pattern.length(in: singularIndex) }
        return length > 0 ? Match(choice: choice, pattern: pattern, length: length) : nil
      }
    }
    guard let longest = matches.map(\.length).max() else { return nearest(heard, index, choices) }
    // An expression covers what it wants to, a "not" included.
    if let first = matches.first(where: { $0.length == longest }), case .expression = first.pattern {
      return choices[first.choice].value
    }
    guard !asksBack(heard.words) else { return nil }
    let words = ChoiceGrammar.declined(marked(heard, singular, matches))
    let refused = zip(words, words.dropFirst()).count { $0 == "no" && $1.first == ChoiceGrammar.mark }
    guard refused < 2 else { return nil }  // "no tea, no coffee"
    if !isConfirming, refused == 1, words.first == "no",
      words.dropFirst(2).allSatisfy({ $0.first != ChoiceGrammar.mark })
    {
      return nil
    }
    return SaidValue.only(in: words, by: ChoiceGrammar()).map { choices[$0].value }
  }

  /// "Is the coffee decaf?", "how much is the tea?"; "is it possible to have tea?" asks for it.
  private static func asksBack(_ words: [String]) -> Bool {
    guard let first = words.first(where: { !["um", "well", "oh", "so", "and", "sorry", "hello", "hi"].contains($0) })
    else { return false }
    if ["how", "what"].contains(first) {
      return !zip(words, words.dropFirst()).contains { ["how", "what"].contains($0) && $1 == "about" }
    }
    if first == "is", zip(words, words.dropFirst()).contains(where: { ["is", "it"].contains($0) && $1 == "possible" }) {
      return false
    }
    return ["is", "are", "which", "does", "why", "when", "where", "who", "whats", "hows"].contains(first)
  }

  /// "Teas" as "tea", and so the "tea's" of "tea's fine".
  private static func singular(_ heard: UtteranceWords) -> UtteranceWords {
    UtteranceWords(words: heard.words.map { $0.count > 3 && $0.hasSuffix("s") ? String($0.dropLast()) : $0 })
  }

  fileprivate struct Match {
    var choice: Int
    var pattern: UtterancePattern
    var length: Int
  }

  /// Phrases of one line that are told apart, the longest first. A sensible flow has a handful.
  private static let matchesMax = 100

  /// The words with a mark in place of each choice, so that "no hurry" can be one.
  private static func marked(_ heard: UtteranceWords, _ singular: UtteranceWords, _ matches: [Match]) -> [String] {
    let phrases = matches.enumerated().sorted { ($1.element.length, $0.offset) < ($0.element.length, $1.offset) }
      .prefix(matchesMax)
      .compactMap { _, match -> (words: [String], choice: Int)? in
        if case .phrase(let phrase) = match.pattern { (phrase.words, match.choice) } else { nil }
      }
    let folded = heard.folded
    let singular = singular.folded
    var words: [String] = []
    var index = 0
    while index < folded.count {
      if let found = phrases.first(where: {
        folded[index...].starts(with: $0.words) || singular[index...].starts(with: $0.words)
      }) {
        words.append("\(ChoiceGrammar.mark)\(found.choice)")
        index += found.words.count
      } else {
        words.append(heard.words[index])
        index += 1
      }
    }
    return words
  }

  private static func nearest(_ heard: UtteranceWords, _ index: UtteranceIndex, _ choices: [SlotChoice]) -> String? {
    let near = choices.filter { $0.patterns.contains { $0.isNearly(in: index) } }
    guard near.count == 1, heard.words.indices.allSatisfy({ isPlain(heard.words, at: $0) }) else { return nil }
    return near[0].value
  }

  /// Whether nothing is negated or left open there.
  private static func isPlain(_ words: [String], at index: Int) -> Bool {
    switch LogicWord.longest(in: words, at: index)?.word {
    case .negation, .or, .condition, .unsure: false
    case .but, .and, .correction, .link, .nothing, nil: true
    }
  }
}

/// How choices are said, each being one mark already.
struct ChoiceGrammar: SpokenGrammar {
  /// Begins no word that callers say.
  static let mark: Character = "\u{1}"

  func phrase(in words: [String], at index: Int) -> SpokenPhrase<Int>? {
    if words[index].first == Self.mark { return Int(words[index].dropFirst()).map { SpokenPhrase(.value($0), 1) } }
    if let length = Self.extra(words, at: index) { return SpokenPhrase(.nothing, length) }
    return Self.open.longest(in: words, at: index).map { SpokenPhrase(.leftover, $0.length) }
  }

  /// "Tea, no sugar", "tea without milk": words about what is chosen.
  private static func extra(_ words: [String], at index: Int) -> Int? {
    guard ["no", "without"].contains(words[index]), index > 0, index + 1 < words.count, words[index + 1].first != mark
    else { return nil }
    let isWithout = words[index] == "without"
    let rest = words[(index + 2)...]
    let isEnd = rest.indices.allSatisfy { place in
      ["please", "thanks", "thank", "you", "no", "and"].contains(words[place])
        || words[place - 1] == "no" && words[place].first != mark
    }
    let isOne = Set(words.filter { $0.first == mark }).count == 1
    guard isWithout || isEnd && isOne, LogicWord.longest(in: words, at: index + 1) == nil,
      !answers.contains(words[index + 1])
    else { return nil }
    return 2
  }

  private static let answers: Set = [
    "that", "this", "it", "thanks", "sorry", "please", "not", "way", "chance", "longer", "i", "thank", "wrong",
    "neither", "none", "nothing",
  ]

  /// "No coffee for me" refuses it, as "not coffee" does.
  static func declined(_ words: [String]) -> [String] {
    var words = words
    for index in words.indices.dropLast(2) where words[index] == "no" && words[index + 1].first == mark {
      if declines.contains(where: words[(index + 2)...].starts) { words[index] = "not" }
    }
    return words
  }

  private static let declines: [[String]] = [
    ["for", "me"], ["for", "us"], ["thanks"], ["thank", "you"], ["today"], ["so"],
  ]

  private static let open = PhraseTable<Bool>([
    (
      true,
      """
      both,neither,none,all of them,either one,the other,other one,other ones,half,allergic,everything,whichever,which one,what is,whats,
      the former,the latter,surprise me,whatever,anything,tired of,sick of,out of,had enough,keeps me,makes me,gives me,upsets,disagrees,nothing,wrong,incorrect
      """
    )
  ])
}
