/// How numbers are said: which words are one, and which leave it open.
struct NumberGrammar: SpokenGrammar {
  /// "Me", "my wife and I": whoever is counted beside a number that follows.
  private let countsPeople: Bool
  /// Whether each word is a number.
  private let numerals: [Bool]
  /// Numbers that different things are counted with: "two adults, two children".
  private let counts: [String: Set<String>]

  init(_ words: [String]) {
    counts = Self.counts(in: words)
    numerals = words.map(Self.isNumeral)
    countsPeople =
      !Set(words).isDisjoint(with: ["me", "myself"])
      || zip(words, words.dropFirst()).contains { $0 == "and" && $1 == "i" }
  }

  func phrase(in words: [String], at index: Int) -> SpokenPhrase<String>? {
    if let half = SaidNumber.halfOfScale(words, at: index) { return SpokenPhrase(.value(half.text), half.length) }
    if let found = Self.table.longest(in: words, at: index) {
      return found.meaning == .open && !isOpen(index, found.length)
        ? nil : SpokenPhrase(found.meaning.phrase, found.length)
    }
    if let number = SaidNumber.read(words, at: index) {
      return number.isOpen ? .init(.leftover, number.length) : placed(number, words, index)
    }
    if Self.holdsDigit(words[index]) { return SpokenPhrase(Self.isOrdinal(words[index]) ? .nothing : .leftover, 1) }
    return nil
  }

  /// What stands around a number decides what it says.
  private func placed(_ number: SaidNumber, _ words: [String], _ index: Int) -> SpokenPhrase<String> {
    let before = index > 0 ? words[index - 1] : ""
    let end = index + number.length
    let after = end < words.count ? words[end] : ""
    if words[index] == "one", number.length == 1, let meaning = one(words, index) { return SpokenPhrase(meaning, 1) }
    let isFraction = number.text == "1" && end < words.count && NumberWords.ordinal(in: words, at: end) != nil
    if isFraction || Self.afterOpen.contains(after)
      || after == "or" && Self.orOpen.contains(words.dropFirst(end + 1).first ?? "")
    {
      return SpokenPhrase(.leftover, number.length + 1)
    }
    if ["oclock", "am", "pm"].contains(after) { return SpokenPhrase(.nothing, number.length + 1) }
    if before == "at" {
      let isOther = numerals[..<index].contains(true) || numerals[end...].contains(true)
      return SpokenPhrase(isOther ? .nothing : .leftover, number.length)
    }
    if Self.possessives.contains(before) {
      let isCounted = countsPeople || index > 1 && Self.adds.contains(words[index - 2])
      return SpokenPhrase(isCounted ? .leftover : .weak(number.text), number.length)
    }
    if Self.adds.contains(before), index > 1 { return SpokenPhrase(.leftover, number.length) }
    if words[..<index].suffix(2).contains(where: Self.passedTime.contains) || words.dropFirst(end + 1).first == "ago" {
      return SpokenPhrase(.nothing, number.length)
    }
    if before == "to", index > 1, numerals[index - 2] { return SpokenPhrase(.leftover, number.length) }
    let countsSeveral = (counts[number.text]?.count ?? 0) > 1
    return SpokenPhrase(countsSeveral ? .leftover : .value(number.text), number.length)
  }

  /// What stands directly behind each number, where that may be what is counted.
  private static func counts(in words: [String]) -> [String: Set<String>] {
    var counts: [String: Set<String>] = [:]
    var index = 0
    while index < words.count {
      guard let number = SaidNumber.read(words, at: index) else {
        index += 1
        continue
      }
      index += number.length
      guard index < words.count, !isNumeral(words[index]), !TimeWords.afterBare.contains(words[index]),
        LogicWord.longest(in: words, at: index) == nil
      else { continue }
      counts[number.text, default: []].insert(words[index])
    }
    return counts
  }

  /// "The blue one" is no number, "book one ticket" and "just one" are.
  private func one(_ words: [String], _ index: Int) -> SpokenPhrase<String>.Meaning? {
    let before = words[..<index].suffix(2)
    if before.contains(where: {
      ["the", "this", "that", "which", "these", "those", "every", "each", "any", "no"].contains($0)
    }) {
      return .nothing
    }
    let next = index + 1 < words.count ? words[index + 1] : ""
    let isLast = next.isEmpty || ["please", "thanks", "thank"].contains(next)
    guard isLast, let last = before.last, !Self.beforeOne.contains(last) else { return nil }
    return .leftover
  }

  /// Whether a word that may leave a number open stands beside one.
  private func isOpen(_ index: Int, _ length: Int) -> Bool {
    numerals.dropFirst(index + length).prefix(3).contains(true) || index > 0 && numerals[index - 1]
  }

  static func isNumeral(_ word: String) -> Bool {
    SpokenCardinal.read([word], at: 0) != nil || ["hundred", "thousand", "million", "dozen", "billion"].contains(word)
      || holdsDigit(word) && !isOrdinal(word)
  }

  private static func holdsDigit(_ word: String) -> Bool { word.first.map { CharacterKind($0) == .number } ?? false }

  private static func isOrdinal(_ word: String) -> Bool { word.last?.isLetter == true }

  private static let possessives: Set = ["my", "our", "his", "her", "their", "your", "these", "those"]
  private static let passedTime: Set = ["waiting", "waited", "been", "holding"]
  private static let adds: Set = ["and", "plus", "with"]
  private static let afterOpen: Set = [
    "odd", "ish", "something", "plus", "maximum", "minimum", "max", "min", "tops", "more", "extra", "upwards", "thirds",
    "fourths", "fifths", "sixths", "sevenths", "eighths", "ninths", "tenths", "twelfths", "hundredths",
    "quarters", "halves", "ones",
  ]
  private static let orOpen: Set = [
    "more", "less", "fewer", "under", "over", "above", "below", "up", "older", "younger",
  ]
  private static let beforeOne: Set = [
    "just", "only", "for", "is", "are", "its", "thats", "there", "theres", "yes", "yeah", "no", "not", "but", "or",
    "and", "so", "need", "want",
    "have", "had", "take", "like", "get", "got", "make", "be", "well", "exactly", "maybe", "about", "actually", "sorry",
    "mean", "say", "said",
    "number", "option", "to", "of", "at", "around", "hundred", "thousand", "ok", "okay", "please", "oh", "it", "wait",
    "rather", "think",
    "minus", "negative", "book", "order", "buy", "add", "choose", "pick", "press", "now", "then", "was", "than",
    "hello", "hi", "with", "id",
  ]
}

extension NumberGrammar {
  fileprivate enum Words: Sendable, Equatable {
    /// Leaves the number beside it open.
    case open
    /// Speaks of numbers and names none, wherever it stands.
    case vague
    case harmless
    case number(String)

    var phrase: SpokenPhrase<String>.Meaning {
      switch self {
      case .open, .vague: .leftover
      case .harmless: .nothing
      case .number(let text): .value(text)
      }
    }
  }

  fileprivate static let table = PhraseTable<Words>([
    (
      .open,
      """
      over,under,above,below,beyond,between,from,up to,at least,at most,at the most,at the least,less than,fewer than,lower than,higher than,
      greater than,no more than,no less than,no fewer than,not more than,not less than,minimum,maximum,max,min,almost,nearly,double,triple,
      just under,just over,within,some,until,till,exceeding,and up,and over,and above,several,another,additional,a few,few,through
      """
    ),
    (
      .vague,
      """
      hundreds,thousands,millions,dozens,tens,twenties,thirties,forties,fifties,sixties,seventies,eighties,nineties,somewhere between,
      crore,crores,lakh,lakhs,trillion,couple more,a couple more,couple hundred,couple thousand,couple of hundred,couple of thousand,half,quarter,
      a couple hundred,a couple thousand,a couple of hundred,a couple of thousand,a quarter,three quarters,a third of,two thirds,wrong,incorrect,false,one more,
      just me and,only me and,the more,as many,as few,one or two,a couple or
      """
    ),
    (
      .harmless,
      """
      one moment,one second,one minute,one sec,one thing,one of these,one of those,one of the,one of my,one day,no one,not one,one another,
      half past,quarter past,quarter to,no cents,no pence,and no cents,no children,no kids,no babies,no pets,no extras,if theres room,a second,i have one question,number one question,one question,
      few minutes,a few minutes,from me,from us,from you,under the,over the,over there,over here,some time,some more,from the,from my
      """
    ),
    (
      .number("1"),
      "only the one,just the one,just me,only me,just myself,only myself,by myself,on my own,a single,a single one"
    ),
    (
      .number("2"),
      "a couple,a couple of,both of us,the both of us,the two of us,couple of,a pair,a pair of,pair of,couple"
    ),
    (.number("12"), "a dozen"),
    (.number("6"), "half a dozen,half dozen,a half dozen"),
  ])
}
