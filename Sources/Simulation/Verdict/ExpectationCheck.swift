import CallCore
import CallDriver

/// Compares what was written with what happened.
struct ExpectationCheck {
  /// What happened, in a turn or in the call.
  struct Facts {
    /// The turn; `nil` for the call.
    var turn: Int?
    var reply: ReplyWords
    /// States that the flow entered, or the one it was in.
    var states: [String] = []
    /// Slots as they were at the end; `nil` when the agent's side did not tell.
    var slots: [String: String]?
    /// Of the call, as `reason` and `duration` are.
    var outcome: String?
    var reason: CloseReason?
    /// How long the caller waited, each time.
    var latencies: [CallDuration] = []
    /// How long the agent took to stop, each time.
    var yields: [CallDuration] = []
    /// `nil` when the agent gave no understanding.
    var wordErrors: WordErrorRate?
    var understood: String?
    var duration = CallDuration.zero
    /// Time in which both spoke.
    var talkOver = CallDuration.zero
    /// Tools that were called; `nil` when the agent's side did not tell.
    var tools: [CalledTool]?
    /// What was said after an answering machine's beep; `nil` where none answered, or nothing was said then.
    var message: ReplyWords?
    /// How far a caller with a goal came; `nil` for one with a script.
    var goal: GoalState?
    /// Whether the record kept all that happened.
    var isTimelineWhole = true
    /// Compares in meaning; `nil` where nothing can.
    var meaning: (any MeaningComparer)?
    var at: Timestamp?
  }

  /// What a comparison came to: `isMet` is `nil` when nothing is known, which meets neither an expectation nor its opposite.
  struct Finding {
    var isMet: Bool?
    var expected: String
    var actual: String
    /// Of a comparison in meaning.
    var similarity: Similarity?
  }

  let facts: Facts

  /// One for each of these; nothing is gathered where nothing is expected.
  static func results(of expectations: [Expectation], _ facts: @autoclosure () -> Facts) -> [CheckResult] {
    expectations.isEmpty ? [] : expectations.map(ExpectationCheck(facts: facts()).result)
  }

  /// - Returns: the check, with `isAbsent` taken into account.
  func result(of expectation: Expectation) -> CheckResult {
    let finding = finding(expectation)
    let isMet = finding.isMet.map { $0 != expectation.isAbsent } ?? false
    // That our own model of meaning is missing says nothing about the agent.
    let isUnknown = finding.isMet == nil && expectation.check.kind == .similarInMeaning
    var result = CheckResult(
      expectation.check.kind, turn: facts.turn, verdict: isUnknown ? .invalid : isMet ? .passed : .failed,
      expected: expectation.isAbsent ? "not: \(finding.expected)" : finding.expected, actual: finding.actual,
      at: facts.at, line: expectation.line)
    result.similarity = finding.similarity
    return result
  }

  private func finding(_ expectation: Expectation) -> Finding {
    switch expectation.check {
    case .keywords(let phrases): keywords(phrases, inParts: expectation.allowsPartsOfWords)
    case .anyOf(let phrases): anyOf(phrases, inParts: expectation.allowsPartsOfWords)
    case .exact(let text):
      said("exactly \(ReportFormat.quoted(text))", facts.reply.words == WordErrorRate.words(of: text))
    case .regex(let expression): regex(expression)
    case .excludes(let phrases): excludes(phrases)
    case .similarity(let text, let percent): similarity(text, percent)
    case .similarInMeaning(let text): similarInMeaning(text)
    case .state(let name): state(name)
    case .slot(let name, let value): slot(name, value)
    case .outcome(let outcome): same("outcome \(outcome)", facts.outcome, outcome)
    case .ended(let reason): same("the end \(reason.rawValue)", facts.reason?.rawValue, reason.rawValue)
    case .latency(let most): longest(facts.latencies, most, "an answer within", none: "no wait could be measured")
    case .yield(let most): longest(facts.yields, most, "the agent stops within", none: "it was not interrupted")
    case .understood(let most): understood(most)
    case .duration(let most):
      Finding(
        isMet: facts.duration <= most, expected: "a call of at most \(ReportFormat.span(most))",
        actual: ReportFormat.span(facts.duration))
    case .talkOver(let most): talkOver(most)
    case .tools(let calls): tools(calls)
    case .messageLeft(let phrases): messageLeft(phrases)
    case .goal(let goal): same("the goal \(goal.rawValue)", facts.goal?.rawValue, goal.rawValue)
    case .judged(let criterion):
      Finding(isMet: nil, expected: ReportFormat.quoted(criterion), actual: "no language model was asked")
    }
  }

  /// One that an earlier version took meets neither an expectation nor its opposite.
  private func regex(_ expression: CompiledPattern) -> Finding {
    if let fault = expression.fault {
      return Finding(
        isMet: nil, expected: "/\(expression.source)/", actual: "the expression cannot be used: it \(fault)")
    }
    return said("/\(expression.source)/", expression.isFound(in: facts.reply.text))
  }

  private func keywords(_ phrases: [String], inParts: Bool) -> Finding {
    let missing = phrases.filter { !isSaid($0, inParts: inParts) }
    let what = phrases.count == 1 ? ReportFormat.list(phrases) : "all of: \(ReportFormat.list(phrases))"
    let lack = missing.count < phrases.count && !missing.isEmpty ? "; missing: \(ReportFormat.list(missing))" : ""
    return Finding(isMet: missing.isEmpty, expected: what, actual: ReportFormat.quoted(facts.reply.text) + lack)
  }

  private func messageLeft(_ phrases: [String]) -> Finding {
    let missing = phrases.filter { facts.message?.contains($0) != true }
    return Finding(
      isMet: missing.isEmpty, expected: "a message after the beep with all of: \(ReportFormat.list(phrases))",
      actual: facts.message.map { ReportFormat.quoted($0.text) } ?? "none was left")
  }

  private func anyOf(_ phrases: [String], inParts: Bool) -> Finding {
    said("one of: \(ReportFormat.list(phrases))", phrases.contains { isSaid($0, inParts: inParts) })
  }

  private func excludes(_ phrases: [String]) -> Finding {
    let found = phrases.filter(facts.reply.contains)
    let what = found.isEmpty ? "" : "\(ReportFormat.list(found)) in "
    return Finding(
      isMet: found.isEmpty, expected: "none of: \(ReportFormat.list(phrases))",
      actual: what + ReportFormat.quoted(facts.reply.text))
  }

  private func similarity(_ text: String, _ percentMin: Int) -> Finding {
    let rate = WordErrorRate(reference: text, heard: facts.reply.text)
    let percent = max(100 - Self.percent(rate), 0)
    return Finding(
      isMet: percent >= percentMin, expected: "at least \(percentMin) % like \(ReportFormat.quoted(text))",
      actual: "\(percent) %: \(ReportFormat.quoted(facts.reply.text))")
  }

  private func state(_ name: String) -> Finding {
    Finding(
      isMet: facts.states.isEmpty ? nil : facts.states.contains(name), expected: "state \(name)",
      actual: facts.states.isEmpty ? "the agent names no states" : ReportFormat.list(facts.states))
  }

  private func slot(_ name: String, _ value: String) -> Finding {
    guard let slots = facts.slots else {
      return Finding(isMet: nil, expected: "\(name) = \(value)", actual: "the agent's record did not come")
    }
    let found = slots[name]
    let isSame = found.map { Self.isSame($0, value) } ?? false
    return Finding(
      isMet: isSame, expected: "\(name) = \(value)", actual: found.map { "\(name) = \($0)" } ?? "no \(name)")
  }

  private func understood(_ percentMax: Int) -> Finding {
    let expected = "at most \(percentMax) word errors in 100"
    guard let errors = facts.wordErrors else { return Finding(isMet: nil, expected: expected, actual: "nothing") }
    let text = facts.understood.map { ": \(ReportFormat.quoted($0))" } ?? ""
    return Finding(
      isMet: errors.errors * 100 <= percentMax * max(errors.referenceWords, 1), expected: expected,
      actual: "\(errors.errors) in \(errors.referenceWords)\(text)")
  }

  private func talkOver(_ percentMax: Int) -> Finding {
    let whole = facts.duration.microseconds
    let share = whole > 0 ? facts.talkOver.microseconds * 1000 / whole : 0
    return Finding(
      isMet: facts.talkOver.microseconds * 100 <= Int64(percentMax) * whole,
      expected: "both speak for at most \(percentMax) % of the call", actual: "\(ReportFormat.tenths(Int(share))) %")
  }

  private func longest(_ spans: [CallDuration], _ most: CallDuration, _ what: String, none: String) -> Finding {
    let expected = "\(what) \(ReportFormat.span(most))"
    guard let longest = spans.max() else { return Finding(isMet: nil, expected: expected, actual: none) }
    return Finding(isMet: longest <= most, expected: expected, actual: ReportFormat.span(longest))
  }

  private func same(_ what: String, _ found: String?, _ wanted: String) -> Finding {
    Finding(
      isMet: found.map { Self.isSame($0, wanted) }, expected: what,
      actual: found.map { $0.isEmpty ? "none" : $0 } ?? "unknown")
  }

  private func said(_ what: String, _ isMet: Bool) -> Finding {
    Finding(isMet: isMet, expected: what, actual: ReportFormat.quoted(facts.reply.text))
  }

  private func isSaid(_ phrase: String, inParts: Bool) -> Bool {
    // As words, too: a recogniser writes `good-bye` for `goodbye`. Those must be whole: `1` is no part of "phone".
    facts.reply.contains(phrase) || inParts && facts.reply.containsText(phrase)
  }

  /// Values are compared as they are, or as words: `Tuesday` and `tuesday`, `3` and `three`.
  static func isSame(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    let words = WordErrorRate.words(of: left)
    return !words.isEmpty && words == WordErrorRate.words(of: right)
  }

  private static func percent(_ rate: WordErrorRate) -> Int { Int((rate.rate * 100).rounded()) }
}

/// What the agent said, ready to be searched.
struct ReplyWords {
  let text: String
  /// Normalised.
  let words: [String]

  init(_ text: String) {
    self.text = text
    words = WordErrorRate.words(of: text)
  }

  /// Whether the words of `phrase` stand in it one after another; one that has no words, such as `€`, is searched as text.
  func contains(_ phrase: String) -> Bool {
    let wanted = WordErrorRate.words(of: phrase)
    guard let first = wanted.first else { return containsText(phrase) }
    guard wanted.count <= words.count else { return false }
    for start in 0...(words.count - wanted.count) where words[start] == first {
      if words[start..<(start + wanted.count)].elementsEqual(wanted) { return true }
    }
    return false
  }

  /// Whether it is found anywhere, within words, too, without regard to case.
  func containsText(_ text: String) -> Bool { self.text.lowercased().contains(text.lowercased()) }
}
