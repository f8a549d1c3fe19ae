import CallCore
import Simulation
import Testing

@Suite("What a caller with a goal must not do")
struct CallerConductTests {
  static let brief: CallerBrief = {
    var brief = CallerBrief(goal: "An appointment tomorrow at ten in the morning, for a check of both of my ears.")
    brief.facts = [
      CallerFact("name", "Ada Miller"),
      CallerFact("phone", "555 0147", isKeptBack: true, askedBy: ["phone", "number"]),
    ]
    brief.rules.never = ["Friday"]
    brief.manner = "Talks slowly and likes to hear everything twice before it is settled."
    return brief
  }()

  static func answer(_ words: String, goal: GoalState = .open, hangsUp: Bool = false) throws -> CallerAnswer {
    try CallerAnswer(ScriptedCallerModel.say(words, goal: goal.rawValue, hangsUp: hangsUp), isLast: false)
  }

  private func kind(
    _ words: String, after talk: [TalkLine], goal: GoalState = .open, hangsUp: Bool = false
  ) throws -> Misbehavior.Kind? {
    let conduct = CallerConduct(brief: Self.brief, talk: talk)
    return conduct.misbehavior(of: try Self.answer(words, goal: goal, hangsUp: hangsUp))?.kind
  }

  private func agent(_ text: String) -> TalkLine { .agent(text, isCut: false) }

  @Test(
    "a number, a name or a day that it cannot know",
    arguments: [
      "My number is 555 9999.", "There are three of us.", "It is for my doctor, Henry.", "Next Monday is fine.",
      "My number is {mobile}.", "In December, then.", "It is twenty one past ten.", "I was born on the 4th.",
    ])
  func unknownFact(_ words: String) throws {
    #expect(try kind(words, after: [agent("What can I note?")]) == .unknownFact)
  }

  @Test(
    "what stands in the brief, or was said by the agent, may be said",
    arguments: [
      "I am {name}.", "Tomorrow at ten, please.", "Not Monday, I said.", "At 10.", "No, not seven.",
      "Is Doctor Gray there?",
      "That one, please. Thank you.", "I would like an appointment. OK?",
    ])
  func knownFact(_ words: String) throws {
    #expect(try kind(words, after: [agent("Monday at seven with Doctor Gray?")]) == nil)
  }

  @Test("what is kept back until it is asked for, by its id or word for word")
  func unaskedFact() throws {
    #expect(try kind("Call me at {phone}.", after: [agent("What can I do?")]) == .unaskedFact)
    #expect(try kind("Call me at 555 0147.", after: [agent("What can I do?")]) == .unaskedFact)
    #expect(try kind("It is {phone}.", after: [agent("What is your phone number?")]) == nil)
    let before = [agent("Your number?"), TalkLine.caller(try Self.answer("Why do you ask?")), agent("To reach you.")]
    #expect(try kind("It is {phone}.", after: before) == nil)
  }

  @Test("hangs up although nothing is reached, and the agent gave no reason")
  func earlyHangUp() throws {
    let busy = [agent("One moment, I am looking for a day.")]
    #expect(try kind("Goodbye.", after: busy, hangsUp: true) == .earlyHangUp)
    #expect(try kind("Goodbye.", after: busy, goal: .impossible, hangsUp: true) == .earlyHangUp)
    let asked = [agent("Hello."), .caller(try Self.answer("Do you cut dogs' hair?")), agent("We only cut people's.")]
    #expect(try kind("Goodbye then.", after: asked, goal: .impossible, hangsUp: true) == nil)
    #expect(try kind("Goodbye then.", after: asked, hangsUp: true) == .earlyHangUp)
    #expect(try kind("Goodbye.", after: busy, goal: .reached, hangsUp: true) == nil)
    let refused = [agent("I am sorry, we cannot do that.")]
    #expect(try kind("Goodbye.", after: refused, goal: .impossible, hangsUp: true) == nil)
    #expect(try kind("Goodbye.", after: busy + [.silence], hangsUp: true) == nil)
    let stuck = Array(repeating: agent("Would you like to book, or to cancel?"), count: 3)
    #expect(try kind("Goodbye.", after: stuck, hangsUp: true) == nil)
  }

  @Test("does not say what it knows and is asked for")
  func withheldFact() throws {
    let asked = [agent("Thank you. What is your name?")]
    #expect(try kind("I do not know.", after: asked) == .withheldFact)
    #expect(try kind("Why do you need it?", after: asked) == nil)
    let again = asked + [.caller(try Self.answer("Why do you need it?")), agent("For the file. What is your name?")]
    #expect(try kind("I see.", after: again) == .withheldFact)
    #expect(try kind("It is {name}.", after: again) == nil)
    let given = [.caller(try Self.answer("I am {name}.")), agent("What is your name?")]
    #expect(try kind("I do not know what you mean.", after: given) == nil)
    #expect(try kind("I do not know.", after: [agent("What is your room?")]) == nil)
  }

  @Test("says the same again although nobody asked for it")
  func repetition() throws {
    let line = "I would like to come for a check of my ears."
    let said = TalkLine.caller(try Self.answer(line))
    #expect(try kind(line, after: [agent("Hello."), said, agent("Which day?")]) == .repetition)
    #expect(try kind(line, after: [agent("Hello."), said, agent("Sorry, once more, please.")]) == nil)
    #expect(try kind(line, after: [agent("What is it about?"), said, agent("What is it about?")]) == nil)
    #expect(try kind(line, after: [agent("Hello."), said, .silence]) == nil)
    let yes = TalkLine.caller(try Self.answer("Yes, please."))
    #expect(try kind("Yes, please.", after: [agent("At ten?"), yes, agent("Tomorrow?")]) == nil)
  }

  @Test(
    "speaks as the one who is called, or reads its brief out",
    arguments: [
      "Thank you for calling, how can I help you?", "Is there anything else I can help you with?",
      "As an AI I cannot say.",
      "I talk slowly, and I like to hear everything twice before it is settled, so likes to hear everything twice before it is settled.",
    ])
  func swappedRoles(_ words: String) throws {
    #expect(try kind(words, after: [agent("Hello.")]) == .swappedRoles)
  }

  @Test("takes what it must refuse")
  func forbiddenConsent() throws {
    let offer = [agent("We have Friday at ten. Shall I take that?")]
    #expect(try kind("Yes, please.", after: offer) == .forbiddenConsent)
    #expect(try kind("No, not on Friday.", after: offer) == nil)
    #expect(try kind("Okay, but rather another day.", after: offer) == nil)
    #expect(try kind("Yes, please.", after: [agent("Tomorrow at ten?")]) == nil)
    #expect(try kind("Yes, that works.", after: [agent("We are closed on Friday. Does Monday suit you?")]) == nil)
    #expect(try kind("Yes.", after: [agent("Not on Friday, is that right?")]) == nil)
    #expect(try kind("Yes, fine.", after: [agent("Then I put you down for Friday.")]) == .forbiddenConsent)
  }
}
