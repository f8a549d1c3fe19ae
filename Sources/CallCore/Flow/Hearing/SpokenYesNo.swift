/// Agreement and refusal.
///
/// Every phrase of the line is read (`YesNoPhrase`), and what the phrases say is put together: a "not" turns what it stands before, what
/// follows "wait" or "I mean" replaces what was before it, and a line that says both, asks something or depends on something is neither.
enum SpokenYesNo {
  /// `nil` when the words are neither, or when they cannot be told apart.
  static func value(in heard: UtteranceWords) -> Bool? {
    if heard.words.count > wordsMax { return nil }
    if heard.words == ["know"] { return false }  // a recogniser's "no": nobody answers with that word
    if heard.words == ["please"] { return true }
    var phrases = YesNoPhrase.table.reading(heard.words, other: .content)
    // "That is not actually right" corrects nothing.
    for index in phrases.indices.dropFirst() where phrases[index].isCorrection && phrases[index - 1] == .negation {
      phrases[index] = .light
    }
    return YesNoReading(phrases[...]).answer
  }

  /// Whoever says more than that tells a story.
  private static let wordsMax = 60
}

/// One line, or the part of it behind a correction.
private struct YesNoReading {
  private let phrases: ArraySlice<YesNoPhrase>
  /// What was said, in order.
  private var statements: [Statement] = []
  /// Something was said that is neither yes nor no.
  private var hasContent = false
  private var isUnclear = false

  private struct Statement {
    var agrees: Bool
    /// Counts beside anything else.
    var isStrong: Bool
    /// "Wrong", "not right": what was asked is at fault, not only declined.
    var finds = false
    var index: Int
  }

  init(_ phrases: ArraySlice<YesNoPhrase>) {
    self.phrases = phrases
    isUnclear = phrases.contains { $0 == .unclear || $0 == .question }
    var index = phrases.startIndex
    while index < phrases.endIndex { index = read(at: index) }
  }

  /// The answer; `nil` for none.
  var answer: Bool? {
    guard !isUnclear else { return nil }
    if let mark = lastCorrection {
      let after = YesNoReading(phrases[(mark + 1)...])
      if after.isUnclear { return nil }
      if !after.statements.isEmpty { return after.answer }
      let before = YesNoReading(phrases[..<mark]).answer
      let isReplaced = after.hasContent || phrases[mark] == .correction(isOpen: true)
      return isReplaced && before == true ? nil : before
    }
    guard let first = statements.first else { return nil }
    let isConditional = phrases.contains(.condition)
    guard statements.allSatisfy({ $0.agrees == first.agrees }) else { return isConditional ? nil : objection }
    if isConditional { return nil }
    if first.agrees, phrases.contains(.but) { return objection }
    return !hasContent || statements.contains(where: \.isStrong) ? first.agrees : nil
  }

  /// "Right, but the time is wrong" is a no; any other "but" leaves the answer open.
  private var objection: Bool? {
    guard let but = phrases.lastIndex(of: .but) else { return nil }
    let after = statements.filter { $0.index > but }
    return !after.isEmpty && after.allSatisfy { !$0.agrees && $0.finds } ? false : nil
  }

  private var lastCorrection: Int? { phrases.lastIndex(where: \.isCorrection) }

  /// - Returns: where to read on.
  private mutating func read(at index: Int) -> Int {
    let next = index + 1 < phrases.endIndex ? phrases[index + 1] : nil
    switch phrases[index] {
    case .yes: add(true, at: index)
    case .refuses: add(false, at: index)
    case .bad: add(false, finds: true, at: index)
    case .assent:
      if next == .negation, !isFollowed(index + 1) {
        add(false, at: index)
        return index + 2
      }
      if isBegin(index) { add(true, at: index) } else if isAlone(index) { add(true, isStrong: false, at: index) }
    case .echo: if isAlone(index, but: [.yes, .no, .assent]) { add(true, isStrong: false, at: index) }
    case .good: add(true, isStrong: false, at: index)
    case .agrees:
      if next != .negation { add(true, isStrong: false, at: index) }
    case .no: return readNo(at: index)
    case .negation: return readNegation(at: index)
    case .content, .deed, .harm: hasContent = true
    case .pointer, .light, .polite, .correction, .but, .condition, .question, .unclear: break
    }
    return index + 1
  }

  /// "No" says no, and with a harm behind it yes: "no problem".
  private mutating func readNo(at index: Int) -> Int {
    if index + 1 < phrases.endIndex, phrases[index + 1] == .harm {
      add(true, isStrong: false, at: index)
      return index + 2
    }
    // "I have no card" answers nothing; "no card" and "I said so, no" do.
    add(false, isStrong: isBegin(index) || index + 1 == phrases.endIndex, at: index)
    return index + 1
  }

  private mutating func readNegation(at index: Int) -> Int {
    guard let target = target(behind: index) else {
      add(false, at: index)
      return index + 1
    }
    switch phrases[target] {
    case .good, .agrees, .assent: add(false, finds: true, at: index)
    case .bad, .harm: add(true, isStrong: false, at: index)
    case .deed, .yes: add(false, at: index)
    case .no, .refuses, .negation, .correction, .but, .condition:
      add(false, at: index)
      return target
    case .content, .pointer, .light, .polite, .echo, .question, .unclear:
      let isOfIt = phrases[..<index].suffix(2).contains { $0 == .pointer || $0 == .echo(ofIt: true) }
      // "Yes, but not on Sunday" finds no fault with what was asked.
      if isBegin(index) || isOfIt { add(false, finds: isOfIt, at: index) } else { hasContent = true }
    }
    return target + 1
  }

  private mutating func add(_ agrees: Bool, isStrong: Bool = true, finds: Bool = false, at index: Int) {
    statements.append(Statement(agrees: agrees, isStrong: isStrong, finds: finds, index: index))
  }

  /// The first phrase behind `index` that says something; `nil` where the line ends before.
  private func target(behind index: Int) -> Int? {
    phrases[(index + 1)...].firstIndex { phrase in
      switch phrase {
      case .light, .pointer, .polite, .echo: false
      default: true
      }
    }
  }

  /// Whether a negation has something to turn.
  private func isFollowed(_ index: Int) -> Bool {
    target(behind: index).map { [.good, .agrees, .bad, .harm].contains(phrases[$0]) } ?? false
  }

  /// Whether only politeness or other answers stand before it.
  private func isBegin(_ index: Int) -> Bool {
    phrases[..<index].allSatisfy { [.polite, .yes, .no, .assent, .but].contains($0) || $0.isCorrection }
  }

  /// Whether nothing stands beside it but politeness and light words, and what is named.
  private func isAlone(_ index: Int, but others: [YesNoPhrase] = [.light, .pointer]) -> Bool {
    phrases.indices.allSatisfy { $0 == index || phrases[$0] == .polite || others.contains(phrases[$0]) }
  }
}
