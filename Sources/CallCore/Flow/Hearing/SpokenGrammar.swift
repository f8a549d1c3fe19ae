/// How values of one kind are said: which words name one, and which speak of one without naming it.
///
/// `SaidValue` reads whole utterances with it. The one rule: a value is kept only when every word that speaks of such a value went into it.
protocol SpokenGrammar {
  /// What is said, as precise as the words are.
  associatedtype Value: Hashable

  /// What the words from `index` on say of such values, and how many of them it takes; `nil` where the word there says nothing of them.
  func phrase(in words: [String], at index: Int) -> SpokenPhrase<Value>?

  /// The one value that several mean that were said of the same thing: "Monday" and "the sixteenth".
  /// - Parameters:
  ///   - values: at least one.
  ///   - denied: what was excluded beside them.
  /// - Returns: `nil` where they contradict.
  func merged(_ values: [Value], denied: Set<Value>) -> Value?

  /// The value that a correction leaves: "the fifth of May – no, the sixth".
  /// - Returns: `nil` where it cannot be told.
  func corrected(_ old: Value, by new: Value) -> Value?
}

extension SpokenGrammar {
  /// All the same.
  func merged(_ values: [Value], denied: Set<Value>) -> Value? {
    Set(values).count == 1 && denied.isDisjoint(with: values) ? values.first : nil
  }

  /// The new one.
  func corrected(_ old: Value, by new: Value) -> Value? { new }
}

/// Some words in a row, as a grammar understands them.
struct SpokenPhrase<Value: Hashable> {
  enum Meaning: Hashable {
    /// Names a value.
    case value(Value)
    /// Names a value, unless a clearer one stands beside it: a bare "four" in "four at half past seven".
    case weak(Value)
    /// Says more of a value that stands elsewhere: "in the morning".
    case detail(Value)
    /// Speaks of such a value and names none: "next week", "before", "the other".
    case leftover
    /// Looks like a value and is about something else: "second" in "wait a second".
    case nothing
  }

  var meaning: Meaning
  /// Words, at least 1.
  var length: Int

  init(_ meaning: Meaning, _ length: Int) { (self.meaning, self.length) = (meaning, length) }
}

/// The value that a whole utterance leaves.
///
/// The words become tokens: values, words that are left over, and the words that say what is done with values – "not", "but", "or", "no,
/// I mean". Corrections cut the utterance into clauses, of which the last that says something counts. Within one, what is negated or excluded is taken
/// off; where then exactly one value is left and nothing besides it, that is what was said.
enum SaidValue {
  /// - Returns: `nil` when nothing was said, or it cannot be told what: the caller is asked again.
  static func only<Grammar: SpokenGrammar>(in words: [String], by grammar: Grammar) -> Grammar.Value? {
    let tokens = SpokenToken.all(in: words, by: grammar)
    var kept = ClauseReading<Grammar.Value>.empty
    for (link, clause) in Clauses(tokens).all {
      let reading = clause.reading(by: grammar)
      switch (kept, reading) {
      case (.value, .empty):
        // "Tuesday, no" takes Tuesday back; "Tuesday, actually" does not.
        if link == .takesBack { kept = .unclear }
      case (_, .empty):
        break
      case (.value(let old), .value(let new)):
        kept = grammar.corrected(old, by: new).map(ClauseReading.value) ?? .unclear
      case (_, .value), (_, .unclear):
        kept = reading
      }
    }
    if case .value(let value) = kept { return value }
    return nil
  }
}

/// What one clause says of a value.
enum ClauseReading<Value: Hashable>: Hashable {
  /// Nothing.
  case empty
  /// Exactly this.
  case value(Value)
  /// Something that is no single value.
  case unclear
}

/// One step of an utterance.
enum SpokenToken<Value: Hashable>: Hashable {
  case value(Value)
  case weak(Value)
  case detail(Value)
  /// Speaks of a value and names none.
  case leftover
  case negation(Negation)
  /// What follows is another statement.
  case but
  case or
  case and
  /// "If": what follows may not hold.
  case condition
  /// What follows replaces what was said.
  case correction(Correction)
  /// A preposition or article, which stands between "not" and what it negates.
  case link
  /// Says nothing of the value.
  case other

  /// The tokens of the words, in order.
  static func all<Grammar: SpokenGrammar>(in words: [String], by grammar: Grammar) -> [SpokenToken]
  where Grammar.Value == Value {
    var tokens: [SpokenToken] = []
    var index = 0
    while index < words.count {
      if let found = LogicWord.longest(in: words, at: index), found.length > 1 {
        tokens.append(SpokenToken(found.word))
        index += found.length
      } else if let phrase = grammar.phrase(in: words, at: index) {
        switch phrase.meaning {
        case .value(let value): tokens.append(.value(value))
        case .weak(let value): tokens.append(.weak(value))
        case .detail(let value): tokens.append(.detail(value))
        case .leftover: tokens.append(.leftover)
        case .nothing: tokens.append(.other)
        }
        index += max(phrase.length, 1)
      } else {
        tokens.append(LogicWord.longest(in: words, at: index).map { SpokenToken($0.word) } ?? .other)
        index += 1
      }
    }
    return tokens
  }

  private init(_ word: LogicWord) {
    self =
      switch word {
      case .negation(let negation): .negation(negation)
      case .but: .but
      case .or: .or
      case .and: .and
      case .condition: .condition
      case .correction(let correction): .correction(correction)
      case .unsure: .leftover
      case .link: .link
      case .nothing: .other
      }
  }

  var said: Value? {
    switch self {
    case .value(let value), .weak(let value), .detail(let value): value
    default: nil
    }
  }
}

/// What a negation is about.
enum Negation: Hashable, Sendable {
  /// "Not": what follows.
  case adverb
  /// "I can't", "we don't": what follows, or what went before.
  case verb
  /// "Doesn't work", "is no good": what went before.
  case after
  /// "Except", "any day but": what follows.
  case exclusion
}

/// What happens to what was said before a correction.
enum Correction: Hashable, Sendable {
  /// It does not hold, also when nothing follows: "Tuesday – no".
  case takesBack
  /// It holds unless something follows: "Tuesday, actually".
  case replaces
}

/// The clauses between corrections.
private struct Clauses<Value: Hashable> {
  private(set) var all: [(link: Correction, clause: Clause<Value>)] = []

  init(_ tokens: [SpokenToken<Value>]) {
    var link = Correction.replaces
    var current: [SpokenToken<Value>] = []
    for token in tokens {
      guard case .correction(let correction) = token else {
        current.append(token)
        continue
      }
      // "I can't make it on Monday": the negation is still waiting for what it negates.
      if correction == .replaces, Clause(current).isNegationOpen { continue }
      all.append((link, Clause(current)))
      (link, current) = (correction, [])
    }
    all.append((link, Clause(current)))
  }
}

/// Tokens without a correction.
private struct Clause<Value: Hashable> {
  private var tokens: [SpokenToken<Value>]

  /// A weak value counts only where there is no other.
  init(_ tokens: [SpokenToken<Value>]) {
    let hasValue = tokens.contains { if case .value = $0 { true } else { false } }
    // "Friday, if you are open": what depends on nothing that was said says nothing.
    let condition = tokens.lastIndex(of: .condition) ?? tokens.endIndex
    let isIdle = tokens[condition...].allSatisfy { $0.said == nil }
    self.tokens = (isIdle ? tokens[..<condition] : tokens[...]).map { token in
      guard case .weak(let value) = token else { return token }
      return hasValue ? .other : .value(value)
    }
    dropDeniedRemainder()
  }

  /// "Thursday, not next week": what is left over is only denied.
  private mutating func dropDeniedRemainder() {
    guard let not = tokens.lastIndex(of: .negation(.adverb)) else { return }
    let rest = tokens[(not + 1)...]
    guard rest.contains(.leftover), rest.allSatisfy({ [.leftover, .link, .other, .and, .or].contains($0) }) else {
      return
    }
    guard let first = rest.firstIndex(of: .leftover), rest[..<first].allSatisfy({ $0 == .link }) else { return }
    tokens.removeSubrange(not...)
  }

  /// Whether something was negated that is not said yet.
  var isNegationOpen: Bool {
    tokens.contains { $0 == .negation(.adverb) || $0 == .negation(.verb) } && tokens.allSatisfy { $0.said == nil }
  }

  func reading<Grammar: SpokenGrammar>(by grammar: Grammar) -> ClauseReading<Value> where Grammar.Value == Value {
    guard !tokens.contains(.leftover), !hasOpenCondition else { return .unclear }
    var excluded: Set<Int> = []
    for index in tokens.indices {
      guard case .negation(let negation) = tokens[index] else { continue }
      guard let more = negated(by: negation, at: index) else { return .unclear }
      excluded.formUnion(more)
    }
    let places = tokens.indices.filter { tokens[$0].said != nil && !excluded.contains($0) }
    let kept = places.compactMap { tokens[$0].said }
    guard let first = places.first, let last = places.last else { return excluded.isEmpty ? .empty : .unclear }
    let areAlternatives = Set(kept).count > 1 && tokens[first...last].contains(.or)
    let denied = Set(excluded.compactMap { tokens[$0].said })
    guard !areAlternatives, let value = grammar.merged(kept, denied: denied) else { return .unclear }
    return .value(value)
  }

  /// "If not Tuesday then Wednesday": nothing can be kept of what depends on something.
  private var hasOpenCondition: Bool {
    tokens.contains(.condition)
  }

  /// The places of the values that do not hold; `nil` where that cannot be told.
  private func negated(by negation: Negation, at index: Int) -> Set<Int>? {
    let before = values(before: index)
    let after = values(after: index)
    switch negation {
    case .exclusion:
      return after.isEmpty ? nil : after
    case .adverb:
      if let next = after.min(), tokens[(index + 1)..<next].allSatisfy({ $0 == .link }) { return after }
      return before.isEmpty ? after : nil
    case .verb:
      return before.isEmpty ? after : nil
    case .after:
      return before.isEmpty ? after : before
    }
  }

  /// The next value within the statement, and those that "or" and "and" join to it.
  private func values(after index: Int) -> Set<Int> {
    let end = tokens[index...].firstIndex(of: .but) ?? tokens.endIndex
    guard let first = tokens[index..<end].firstIndex(where: { $0.said != nil }) else { return [] }
    return joined(first, through: Array(first..<end))
  }

  private func values(before index: Int) -> Set<Int> {
    let start = tokens[..<index].lastIndex(of: .but) ?? tokens.startIndex
    guard let last = tokens[start..<index].lastIndex(where: { $0.said != nil }) else { return [] }
    return joined(last, through: (start...last).reversed())
  }

  private func joined(_ first: Int, through places: [Int]) -> Set<Int> {
    var found: Set = [first]
    var isJoined = false
    for place in places.dropFirst() {
      switch tokens[place] {
      case .or, .and: isJoined = true
      case .link: break
      case .value where isJoined, .detail where isJoined:
        found.insert(place)
        isJoined = false
      default: return found
      }
    }
    return found
  }
}
