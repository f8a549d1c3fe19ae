package import CallCore

/// Something that a caller whom a language model plays must not do: the call then says nothing about the agent.
public struct Misbehavior: Sendable, Equatable {
  /// What sort of thing. The raw values stand in reports.
  public enum Kind: String, Sendable, CaseIterable {
    /// It names a number, a name or a day that it cannot know.
    case unknownFact = "unknown-fact"
    /// It says what it has to keep back before the agent asks for it.
    case unaskedFact = "unasked-fact"
    /// It hangs up although its goal is open and the agent has given it no reason to.
    case earlyHangUp = "early-hang-up"
    /// It does not say what it knows although the agent asks for it.
    case withheldFact = "withheld-fact"
    /// It says the same again although nobody asked it to.
    case repetition
    /// It speaks as the one who is called, or reads its brief out.
    case swappedRoles = "swapped-roles"
    /// It takes what it must refuse.
    case forbiddenConsent = "forbidden-consent"
    /// The model's answer cannot be used, twice.
    case unusableAnswer = "unusable-answer"
    /// The model, or an engine that the caller needs, failed.
    case failedEngine = "failed-engine"
  }

  /// What sort of thing.
  public var kind: Kind
  /// What it was, in words.
  public var detail: String
}

/// Whether a caller keeps to its brief, judged by code from what was said. What the agent *heard* plays no part in it.
package struct CallerConduct {
  let brief: CallerBrief
  /// What was said before the answer, the oldest first, and what the agent said last.
  let talk: [TalkLine]

  /// Lines that share at least this many of a hundred words are the same line.
  static let samePercentMin = 90
  /// Shorter lines are the same by chance: `that is right, thanks`.
  static let sameWordsMin = 6
  /// As many words of the manner in a row are read from it.
  static let readWordsMin = 8
  /// The same of the goal, whose words are the caller's own.
  static let readGoalWordsMin = 15

  package init(brief: CallerBrief, talk: [TalkLine]) { (self.brief, self.talk) = (brief, talk) }

  /// The first thing that is wrong with an answer; `nil`: nothing.
  package func misbehavior(of answer: CallerAnswer) -> Misbehavior? {
    let line = CallerLine(answer.words)
    return swappedRoles(line) ?? unknownFact(line) ?? unaskedFact(line) ?? forbiddenConsent(line)
      ?? withheldFact(line) ?? repetition(line) ?? earlyHangUp(answer)
  }

  // MARK: - What was said

  private var agentLines: [String] {
    talk.compactMap { if case .agent(let text, _) = $0 { text } else { nil } }
  }

  private var callerLines: [CallerLine] {
    talk.compactMap { if case .caller(let answer) = $0 { CallerLine(answer.words) } else { nil } }
  }

  /// What the agent has said since the caller's last line, in one.
  private var latest: String { Self.agentText(talk.reversed()) }

  /// What the agent said before the caller's last line.
  private var latestBefore: String {
    Self.agentText(talk.reversed().drop { if case .caller = $0 { false } else { true } }.dropFirst())
  }

  private static func agentText(_ lines: some Sequence<TalkLine>) -> String {
    var texts: [String] = []
    for line in lines {
      switch line {
      case .agent(let text, _): texts.insert(text, at: 0)
      case .silence, .end: continue
      case .caller: return texts.joined(separator: " ")
      }
    }
    return texts.joined(separator: " ")
  }

  private var isSilent: Bool { if case .silence? = talk.last { true } else { false } }

  // MARK: - Facts

  private func unknownFact(_ line: CallerLine) -> Misbehavior? {
    if let id = line.facts.first(where: { brief.fact($0) == nil }) {
      return Misbehavior(kind: .unknownFact, detail: "{\(id)} is no fact of the brief")
    }
    let known = Set(knownTexts.flatMap(WordErrorRate.words))
    let words = WordErrorRate.words(of: line.bareWords)
    for (index, word) in words.enumerated() where !known.contains(word) && Self.isValue(word, at: index, of: words) {
      return Misbehavior(
        kind: .unknownFact, detail: "“\(word)” is neither in the brief nor said by the agent: \(quoted(line))")
    }
    let name = ProperNames.all(in: line.bareWords).first { name in
      !WordErrorRate.words(of: name).allSatisfy(known.contains)
    }
    return name.map {
      Misbehavior(kind: .unknownFact, detail: "“\($0)” is neither in the brief nor said by the agent: \(quoted(line))")
    }
  }

  private var knownTexts: [String] {
    [brief.goal, brief.manner] + brief.facts.map(\.value) + brief.rules.must + brief.rules.accept + brief.rules.never
      + agentLines
  }

  private static let numbers: Set = [
    "zero", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "dozen",
  ]
  private static let days: Set = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tomorrow", "yesterday", "january",
    "february", "april", "june", "july", "august", "september", "october", "november", "december",
  ]

  /// Whether a word stands for a number or a day. A single `one` is seldom a number.
  private static func isValue(_ word: String, at index: Int, of words: [String]) -> Bool {
    if word.contains(where: \.isNumber) || numbers.contains(word) || days.contains(word) { return true }
    guard word == "one" else { return false }
    return (index > 0 && numbers.contains(words[index - 1]))
      || (index + 1 < words.count && numbers.contains(words[index + 1]))
  }

  /// Whether a line says a fact: by its id, or word for word.
  private func says(_ line: CallerLine, _ fact: CallerFact) -> Bool {
    line.facts.contains(fact.id) || ReplyWords(line.bareWords).contains(fact.value)
  }

  private func isAskedFor(_ fact: CallerFact, in text: String) -> Bool {
    let words = ReplyWords(text)
    return fact.askedBy.contains { words.contains($0) }
  }

  private func unaskedFact(_ line: CallerLine) -> Misbehavior? {
    let fact = brief.facts.first { fact in
      fact.isKeptBack && says(line, fact) && !agentLines.contains { isAskedFor(fact, in: $0) }
    }
    return fact.map {
      Misbehavior(kind: .unaskedFact, detail: "{\($0.id)} is kept back until the agent asks for it: \(quoted(line))")
    }
  }

  private static let ignorance = [
    "dont know", "do not know", "not sure", "no idea", "cant say", "rather not", "not going to tell",
  ]

  /// A fact that was asked for and not given: at once where the caller says that it does not know, else when it is asked for twice in a row.
  private func withheldFact(_ line: CallerLine) -> Misbehavior? {
    let before = callerLines
    let isIgnorant = Self.ignorance.contains(where: ReplyWords(line.bareWords).contains)
    let fact = brief.facts.first { fact in
      guard Self.questions(in: latest).contains(where: { isAskedFor(fact, in: $0) }), !says(line, fact),
        !before.contains(where: { says($0, fact) })
      else { return false }
      return isIgnorant || Self.questions(in: latestBefore).contains { isAskedFor(fact, in: $0) }
    }
    return fact.map {
      Misbehavior(kind: .withheldFact, detail: "the agent asks for {\($0.id)}, and the caller says \(quoted(line))")
    }
  }

  /// The sentences that end in a question mark.
  private static func questions(in text: String) -> [String] {
    text.split(separator: "?", omittingEmptySubsequences: false).dropLast().map { part in
      String(part.split(whereSeparator: { ".!".contains($0) }).last ?? "")
    }
  }

  // MARK: - Manners

  private static let repeatRequests = [
    "again", "repeat", "sorry", "pardon", "say that", "didnt catch", "did not catch", "didnt understand",
    "did not understand", "didnt get", "not hear", "didnt hear", "speak up", "excuse me", "what was",
  ]

  private func repetition(_ line: CallerLine) -> Misbehavior? {
    let words = line.filled(from: brief)
    let count = WordErrorRate.words(of: words).count
    guard count >= Self.sameWordsMin, !isSilent, !isAskedToRepeat else { return nil }
    let isSame = callerLines.contains { Self.isAlike($0.filled(from: brief), words) }
    return isSame ? Misbehavior(kind: .repetition, detail: "nobody asked it to repeat \(quoted(line))") : nil
  }

  private var isAskedToRepeat: Bool {
    let reply = ReplyWords(latest)
    if Self.repeatRequests.contains(where: reply.contains) { return true }
    // An agent that asks the same again asks for the same answer.
    var others = agentLines
    if !others.isEmpty { others.removeLast() }
    return others.contains { Self.isAlike($0, agentLines.last ?? "") }
  }

  private static func isAlike(_ one: String, _ other: String) -> Bool {
    let rate = WordErrorRate(reference: one, heard: other)
    return rate.errors * 100 <= (100 - samePercentMin) * rate.referenceWords
  }

  private static let agentPhrases = [
    "how can i help", "how may i help", "what can i do for you", "thank you for calling", "thanks for calling",
    "anything else i can help", "can i help you with", "may i help you", "how can i assist", "how may i assist",
    "as an ai", "as a caller", "my goal is", "i am playing", "im playing", "my instructions",
  ]

  private func swappedRoles(_ line: CallerLine) -> Misbehavior? {
    let reply = ReplyWords(line.filled(from: brief))
    if let phrase = Self.agentPhrases.first(where: reply.contains) {
      return Misbehavior(kind: .swappedRoles, detail: "a caller does not say “\(phrase)”: \(quoted(line))")
    }
    let texts = [(brief.goal, Self.readGoalWordsMin), (brief.manner, Self.readWordsMin)]
    let isRead = texts.contains { text, least in
      let words = WordErrorRate.words(of: text)
      guard words.count >= least else { return false }
      return (0...(words.count - least)).contains { start in
        reply.contains(words[start..<start + least].joined(separator: " "))
      }
    }
    return isRead ? Misbehavior(kind: .swappedRoles, detail: "it reads its brief out: \(quoted(line))") : nil
  }

  private static let consents = [
    "yes", "yeah", "yep", "sure", "okay", "ok", "fine", "great", "perfect", "sounds good", "that works", "works for me",
    "please do", "go ahead", "all right", "alright",
  ]
  private static let refusals = [
    "no", "not", "cant", "cannot", "dont", "wont", "doesnt", "isnt", "rather", "instead", "unfortunately", "nope",
  ]

  private func forbiddenConsent(_ line: CallerLine) -> Misbehavior? {
    let offer = ReplyWords(Self.offer(in: latest))
    guard !Self.refusals.contains(where: offer.contains), !Self.excuses.contains(where: offer.contains) else {
      return nil
    }
    let reply = ReplyWords(line.filled(from: brief))
    guard Self.consents.contains(where: reply.contains), !Self.refusals.contains(where: reply.contains) else {
      return nil
    }
    return brief.rules.never.first(where: offer.contains).map {
      Misbehavior(kind: .forbiddenConsent, detail: "the brief refuses “\($0)”, and the caller says \(quoted(line))")
    }
  }

  /// What a caller says yes to: the last two sentences, such as `Friday at ten is free. Shall I take it?`
  private static func offer(in text: String) -> String {
    text.split(whereSeparator: { ".!?".contains($0) }).filter { !$0.allSatisfy(\.isWhitespace) }.suffix(2)
      .joined(separator: ".")
  }

  // MARK: - The end

  private static let excuses = [
    "cannot", "cant", "can not", "unable", "sorry", "unfortunately", "not possible", "impossible", "not available",
    "unavailable", "no longer", "fully booked", "booked out", "closed", "not able", "dont have", "do not have", "wont",
    "nothing free", "not offer", "dont offer", "refuse", "afraid",
  ]
  /// An agent that says the same so often has erred.
  private static let sameLinesMax = 3

  private func earlyHangUp(_ answer: CallerAnswer) -> Misbehavior? {
    guard answer.hangsUp, answer.goal != .reached, !hasReasonToHangUp else { return nil }
    // That something cannot be had may be said in words that nobody can list; but the agent must have been asked.
    if answer.goal == .impossible, !callerLines.isEmpty, !latest.isEmpty { return nil }
    return Misbehavior(
      kind: .earlyHangUp,
      detail: "its goal is \(answer.goal.rawValue), and the agent neither refused nor erred nor fell silent")
  }

  private var hasReasonToHangUp: Bool {
    if talk.contains(.silence) || agentLines.isEmpty { return true }
    if agentLines.contains(where: { line in Self.excuses.contains(where: ReplyWords(line).contains) }) { return true }
    let last = agentLines.last ?? ""
    return agentLines.count { Self.isAlike($0, last) } >= Self.sameLinesMax
  }

  private func quoted(_ line: CallerLine) -> String { ReportFormat.quoted(line.filled(from: brief)) }
}

/// Words that stand with a capital where no sentence begins.
enum ProperNames {
  private static let ordinary: Set = [
    "i", "ok", "okay", "mr", "mrs", "ms", "miss", "dr", "sir", "madam", "english", "god",
  ]

  static func all(in text: String) -> [String] {
    var names: [String] = []
    var begins = true
    for word in text.split(whereSeparator: \.isWhitespace) {
      let bare = word.drop { !$0.isLetter && !$0.isNumber }
      let name = String(bare.prefix { $0.isLetter || $0 == "-" })
      if !begins, name.first?.isUppercase == true, !ordinary.contains(name.lowercased()) { names.append(name) }
      begins = word.last.map { ".?!:…\"".contains($0) } ?? false
    }
    return names
  }
}
