import CallCore

/// Finds expectations of one turn, or of one call, that no agent could meet together.
struct ReplyContradictions {
  let log: FileFaultLog
  /// What is wanted.
  let wanted: [PlacedExpectation]
  /// What is forbidden, `excludes` among it.
  let forbidden: [PlacedExpectation]

  /// - Parameter more: expectations that hold there, too, such as those of the call for each of its turns.
  init(log: FileFaultLog, _ expectations: [PlacedExpectation], more: [PlacedExpectation] = []) {
    self.log = log
    wanted = expectations.filter { !$0.isAbsent }
    forbidden = (expectations + more).filter { entry in
      if case .excludes = entry.check { true } else { entry.isAbsent }
    }
  }

  func check() {
    for entry in wanted {
      checkBanned(entry)
      checkSame(entry)
      if case .exact(let exact) = entry.check { checkExact(exact, at: entry.place) }
    }
  }

  /// Phrases that must not be heard, in what must be.
  private func checkBanned(_ entry: PlacedExpectation) {
    for phrase in forbidden.flatMap({ Self.banned($0) }) {
      switch entry.check {
      case .keywords(let keywords):
        guard let keyword = keywords.first(where: { PhraseSearch.isFound(phrase, in: $0) }) else { continue }
        report(entry, "the keyword `\(keyword)` is expected, and `\(phrase)` must not be heard: remove one")
      case .anyOf(let options) where options.allSatisfy({ PhraseSearch.isFound(phrase, in: $0) }):
        report(entry, "`any-of` cannot be met: `\(phrase)`, which is in each of its phrases, must not be heard")
      case .exact(let exact) where PhraseSearch.isFound(phrase, in: exact):
        report(entry, "`exact` contains `\(phrase)`, which must not be heard: remove one")
      default: continue
      }
    }
  }

  /// The same thing wanted and forbidden.
  private func checkSame(_ entry: PlacedExpectation) {
    for other in forbidden {
      switch (entry.check, other.check) {
      case (.state(let name), .state(let other)) where name == other:
        report(entry, "state `\(name)` is expected and must not be entered")
      case (.slot(let name, let value), .slot) where entry.check == other.check:
        report(entry, "slot `\(name)` is expected to be `\(value)` and must not be")
      case (.outcome(let outcome), .outcome(let other)) where outcome == other:
        report(entry, "outcome `\(outcome)` is expected and must not be")
      case (.ended(let reason), .ended(let other)) where reason == other:
        report(entry, "the end `\(reason.rawValue)` is expected and must not be")
      case (.goal(let goal), .goal(let other)) where goal == other:
        report(entry, "the goal is expected to be `\(goal.rawValue)` and must not be")
      case (.exact(let exact), .exact(let other)) where PhraseSearch.isSame(exact, other):
        report(entry, "the reply is expected to be `\(exact)` and must not be")
      case (.regex(let regex), .regex(let other)) where regex == other:
        report(entry, "/\(regex.source)/ is expected and must not be found")
      case (.judged(let criterion), .judged(let other)) where PhraseSearch.isSame(criterion, other):
        report(entry, "`\(criterion)` is expected to be judged true and must not be")
      case (.similarInMeaning(let text), .similarInMeaning(let other)) where PhraseSearch.isSame(text, other):
        report(entry, "the reply is expected to mean `\(text)` and must not")
      case (.tools(let calls), .tools(let others)):
        guard let call = calls.first(where: { call in others.contains { call.isAlways($0) } }) else { continue }
        report(entry, "a call of `\(call)` is expected and must not be made")
      default: continue
      }
    }
  }

  /// A whole reply, and what else is wanted of it.
  private func checkExact(_ exact: String, at place: FilePlace) {
    for entry in wanted {
      switch entry.check {
      case .keywords(let keywords):
        for keyword in keywords where !PhraseSearch.isFound(keyword, in: exact) {
          report(at: place, "`exact` does not contain the keyword `\(keyword)`: no reply can have both")
        }
      case .anyOf(let options) where !options.contains(where: { PhraseSearch.isFound($0, in: exact) }):
        report(at: place, "`exact` contains nothing of `any-of`: no reply can have both")
      case .exact(let other) where !PhraseSearch.isSame(exact, other):
        report(at: place, "the reply is expected to be both `\(exact)` and `\(other)`: keep one")
      case .regex(let regex) where !regex.isFound(in: exact):
        report(at: place, "`exact` does not match /\(regex.source)/: no reply can have both")
      case .similarity(let text, let percent) where Self.likeness(of: exact, to: text) < percent:
        report(at: place, "`exact` is not similar to `\(text)`: no reply can be both")
      default: continue
      }
    }
    for entry in forbidden {
      guard case .regex(let regex) = entry.check, regex.isFound(in: exact) else { continue }
      report(at: place, "`exact` matches /\(regex.source)/, which must not be found")
    }
  }

  private static func banned(_ entry: PlacedExpectation) -> [String] {
    switch entry.check {
    case .excludes(let phrases): phrases
    case .keywords(let keywords): keywords.count == 1 ? keywords : []
    default: []
    }
  }

  private static func likeness(of text: String, to other: String) -> Int {
    100 - Int(nearest: WordErrorRate(reference: other, heard: text).rate * 100)
  }

  private func report(_ entry: PlacedExpectation, _ message: String) { report(at: entry.place, message) }
  private func report(at place: FilePlace, _ message: String) { log.add(.contradiction, at: place, message) }
}

extension ExpectedToolCall {
  /// Whether each call that is like this is like `other`, too.
  fileprivate func isAlways(_ other: ExpectedToolCall) -> Bool {
    name == other.name && other.arguments.allSatisfy { arguments[$0] == $1 }
  }
}

/// Whether words stand in a text, after the normalisation of `WordErrorRate.words`.
enum PhraseSearch {
  /// Whether the words of `phrase` stand in `text` one after another.
  static func isFound(_ phrase: String, in text: String) -> Bool {
    let wanted = WordErrorRate.words(of: phrase)
    let words = WordErrorRate.words(of: text)
    guard !wanted.isEmpty, wanted.count <= words.count else { return false }
    return (0...(words.count - wanted.count)).contains { start in
      words[start..<(start + wanted.count)].elementsEqual(wanted)
    }
  }

  /// Whether both have the same words.
  static func isSame(_ left: String, _ right: String) -> Bool {
    WordErrorRate.words(of: left) == WordErrorRate.words(of: right)
  }
}
