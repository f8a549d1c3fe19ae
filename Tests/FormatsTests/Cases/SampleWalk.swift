import CallCore
import Formats
import Testing

/// Takes a case's turns through a flow as text, and looks at those expectations that need no sound.
struct SampleWalk {
  private var call: TextConversation
  private var states: [String] = []
  private var replies = ""
  private var hasHungUp = false

  init(_ call: TextConversation) {
    self.call = call
    record(call.events)
  }

  mutating func play(_ turn: TestTurn, of id: String) {
    #expect(call.ending == nil || turn.isBackchannel, "\(id): turn \(turn.number) comes after the end")
    if case .answerAsMachine = turn.action {
    } else if replies.allSatisfy(\.isWhitespace) {
      record(call.handleLine("/silence") ?? [])  // a person waits for the agent to speak
    }
    let before = states.last
    var events: [ConversationEvent] = []
    switch turn.action {
    case .say(let pieces): events = call.handleLine(pieces.meaning) ?? []
    case .play(_, let text): events = call.handleLine(text ?? "/mumble") ?? []
    case .press(let keys): events = call.handleLine("/keys \(String(keys.map(\.character)))") ?? []
    case .staySilent: events = call.handleLine("/silence") ?? []
    case .answerAsMachine(let greeting, _):
      events = call.handleLine(greeting.meaning) ?? []
      events += call.handleLine("/beep") ?? []
    case .backchannel, .hold: break
    case .hangUp: hasHungUp = true
    }
    let reply = agentText(events)
    record(events)
    let entered = events.compactMap { if case .state(let name, _, _, _) = $0 { name } else { nil } }
    for expectation in turn.expectations {
      check(expectation, reply: reply, states: entered + [before ?? ""].filter { _ in entered.isEmpty }, id)
    }
  }

  func finish(_ testCase: TestCase) {
    for expectation in testCase.expectations {
      check(expectation, reply: replies, states: states, testCase.id)
      switch expectation.check {
      case .outcome(let outcome):
        #expect((call.ending?.outcome == outcome) != expectation.isAbsent, "\(testCase.id): \(outcome)")
      case .ended(let reason):
        let end = hasHungUp ? .callerHungUp : call.ending?.reason
        #expect((end == reason) != expectation.isAbsent, "\(testCase.id): \(reason)")
      default: break
      }
    }
    #expect(hasHungUp || call.ending != nil, "\(testCase.id) does not end")
  }

  private func check(_ expectation: CallCore.Expectation, reply: String, states: [String], _ id: String) {
    let holds: Bool? =
      switch expectation.check {
      case .keywords(let keywords):
        keywords.allSatisfy { keyword in
          expectation.allowsPartsOfWords ? reply.lowercased().contains(keyword.lowercased()) : isFound(keyword, reply)
        }
      case .anyOf(let options): options.contains { isFound($0, reply) }
      case .exact(let text): WordErrorRate.words(of: text) == WordErrorRate.words(of: reply)
      case .excludes(let phrases): !phrases.contains { isFound($0, reply) }
      case .regex(let expression): expression.isFound(in: reply)
      case .similarity(let text, let percent):
        WordErrorRate(reference: text, heard: reply).rate * 100 <= Double(100 - percent)
      case .state(let name): states.contains(name)
      case .slot(let name, let value): call.machine.slots[name] == value
      case .messageLeft(let phrases): phrases.allSatisfy { isFound($0, reply) }
      case .outcome, .ended, .latency, .yield, .understood, .duration, .talkOver, .tools, .goal, .judged,
        .similarInMeaning:
        nil
      }
    if let holds { #expect(holds != expectation.isAbsent, "\(id): line \(expectation.line): \(reply) \(states)") }
  }

  private func isFound(_ phrase: String, _ reply: String) -> Bool {
    let words = WordErrorRate.words(of: reply).joined(separator: " ")
    let wanted = WordErrorRate.words(of: phrase).joined(separator: " ")
    return " \(words) ".contains(" \(wanted) ")
  }

  private mutating func record(_ events: [ConversationEvent]) {
    states += events.compactMap { if case .state(let name, _, _, _) = $0 { name } else { nil } }
    replies += " " + agentText(events)
  }

  private func agentText(_ events: [ConversationEvent]) -> String {
    events.compactMap { if case .agent(let text) = $0 { text } else { nil } }.joined(separator: " ")
  }
}

extension TestTurn {
  /// It may come over the agent's last words, when the flow has ended already.
  fileprivate var isBackchannel: Bool { if case .backchannel = action { true } else { false } }
}
