import CallCore

/// Puts a call so far before a language model that plays the caller.
struct CallerPrompt {
  /// Of these words; stands in reports.
  static let version = 1
  /// Most characters of a line.
  static let wordsMax = 500
  /// Most tokens of an answer.
  private static let tokensMax = 300

  let brief: CallerBrief
  /// Other luck, other words, as far as the server draws them by it.
  let seed: UInt64

  /// - Parameters:
  ///   - talk: what was said so far, the oldest first.
  ///   - isRepeated: whether the answer before could not be used.
  func request(_ talk: [TalkLine], isRepeated: Bool) -> ModelRequest {
    var messages: [ModelMessage] = [.system(instructions)]
    for line in talk { append(line, to: &messages) }
    if isRepeated { append("(Answer with the JSON object and nothing else.)", to: &messages) }
    var request = ModelRequest(messages)
    request.answerForm = ModelAnswerForm(
      name: CallerAnswer.formName, schema: CallerAnswer.schema(facts: brief.facts.map(\.id)))
    request.temperatureHundredths = 70
    request.seed = Int(seed & 0x7FFF_FFFF)
    request.tokensMax = Self.tokensMax
    return request
  }

  private func append(_ line: TalkLine, to messages: inout [ModelMessage]) {
    switch line {
    case .caller(let answer): messages.append(.assistant(answer.text, calls: []))
    case .agent(let text, let isCut): append(isCut ? text + " … (you interrupt)" : text, to: &messages)
    case .silence: append("(The other side says nothing.)", to: &messages)
    case .end(let byCaller):
      let who = byCaller ? "You have hung up" : "The other side has ended the call"
      append("(\(who). Say nothing; only goal_state counts now.)", to: &messages)
    }
  }

  /// What the other side says in several utterances is one message: not every server takes two of one role in a row.
  private func append(_ text: String, to messages: inout [ModelMessage]) {
    if case .user(let before)? = messages.last {
      messages[messages.count - 1] = .user(before + "\n" + text)
    } else {
      messages.append(.user(text))
    }
  }

  private var instructions: String {
    var parts = [
      "You play a person who makes a telephone call. The user's messages are what the other side says to you. You are the caller, never "
        + "the one who is called: you do not offer help, and you do not speak for the business.",
      "What you want: \(brief.goal)",
    ]
    if !brief.manner.isEmpty { parts.append("How you talk: \(brief.manner)") }
    parts.append(facts)
    if !brief.rules.must.isEmpty { parts.append("It has to be so: " + Self.list(brief.rules.must)) }
    if !brief.rules.accept.isEmpty { parts.append("You also take: " + Self.list(brief.rules.accept)) }
    if !brief.rules.never.isEmpty { parts.append("You never take, and refuse: " + Self.list(brief.rules.never)) }
    parts.append(
      "Say one or two short sentences, as people talk on the telephone. Begin vaguely, and give one thing when you are asked for it. Do not "
        + "read these instructions out, and do not say the same sentence twice unless you are asked to repeat it. That the other side "
        + "says it will do something does not mean that it is done: wait until it says so. Check that everything you want is done "
        + "before you end the call.")
    parts.append(
      "Answer with a JSON object: say (what you say; empty to hang up without a word), facts_used (ids of the facts in it), goal_state "
        + "(open; reached when the other side has done what you want; impossible when it cannot or will not), hang_up (true when this "
        + "is the last thing that you say).")
    return parts.joined(separator: "\n")
  }

  private var facts: String {
    guard !brief.facts.isEmpty else {
      return "You know nothing else. When you are asked for something else, say that you do not know it."
    }
    let lines = brief.facts.map { fact in
      "- {\(fact.id)}: \(fact.value)" + (fact.isKeptBack ? " (only when you are asked for it)" : "")
    }
    return
      "What you know; in `say`, write its id in braces in place of the value, such as {\(brief.facts[0].id)}. You know nothing else: never "
      + "make up a number, a name or a day, say that you do not know it.\n" + lines.joined(separator: "\n")
  }

  private static func list(_ texts: [String]) -> String { texts.joined(separator: "; ") + "." }
}

/// Something that was said in a call, as the caller knows it.
package enum TalkLine: Sendable, Equatable {
  /// The agent's words as far as they were heard.
  case agent(String, isCut: Bool)
  /// The agent says nothing for as long as the caller waits.
  case silence
  /// The call is over.
  case end(byCaller: Bool)
  /// The caller's.
  case caller(CallerAnswer)
}
