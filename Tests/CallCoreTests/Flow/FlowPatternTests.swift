import CallCore
import Testing

@Suite("Flow: intents in what callers say")
struct FlowPatternTests {
  private func goes(_ words: String, _ patterns: String...) -> Bool {
    let intent = FlowIntent("wanted", hear: patterns.compactMap { UtterancePattern($0) }, then: .go("there"))
    var harness = FlowHarness.begun([listen("menu", "What?", intents: [intent]), end("there")])
    harness.handle(.said(words))
    return harness.entered == ["there"]
  }

  @Test(
    "Case, punctuation and apostrophes do not matter",
    arguments: [
      ("I'd like to BOOK an appointment.", "book an appointment"), ("I\u{2019}d like it", "I'd like"),
      ("Don't, um, do it", "dont do it"), ("Option two!", "option 2"), ("Option 2.", "option two"),
      ("check-in", "check in"), ("Q & A", "q and a"),
    ])
  func normalised(words: String, pattern: String) {
    #expect(goes(words, pattern))
  }

  @Test(
    "Only whole words count",
    arguments: [("bookkeeper", "book"), ("reopen", "open"), ("I want to book", "book it"), ("the agency", "agent")])
  func wholeWords(words: String, pattern: String) {
    #expect(!goes(words, pattern))
  }

  @Test(
    "A slip of the recogniser in a long word is forgiven",
    arguments: [
      ("I need an apointment", "appointment"), ("open in hours", "opening hours"), ("cansel", "cancel"),
      ("a check up", "checkup"), ("deliverey", "delivery"),
    ])
  func slips(words: String, pattern: String) {
    #expect(goes(words, pattern))
  }

  @Test(
    "Short words, other first letters and bigger slips are not",
    arguments: [("look", "book"), ("bancel", "cancel"), ("appalling", "appointment")])
  func noSlips(words: String, pattern: String) {
    #expect(!goes(words, pattern))
  }

  @Test(
    "Regular expressions stand on word borders",
    arguments: [
      ("I lost my card", "/(lost|stolen) (my )?card/", true), ("cardboard", "/card/", false),
      ("when do you open", "/when .* (open|close)/", true), ("Order number A 12", "/a \\d+/", true),
    ])
  func expressions(words: String, pattern: String, isHeard: Bool) {
    #expect(goes(words, pattern) == isHeard)
  }

  @Test("What is no pattern is refused", arguments: ["", "...", "/(/", "um"])
  func refused(written: String) {
    #expect(UtterancePattern(written) == nil)
  }

  @Test("The first intent listed wins, the state's own before those of everywhere")
  func priority() {
    let everywhere = [intent("agent", "agent", "book", go: "agent")]
    let own = [intent("cancel", "cancel", go: "cancel"), intent("book", "appointment", go: "book")]
    let states = [listen("menu", "What?", intents: own), end("cancel"), end("book"), end("agent")]
    for (words, state) in [
      ("cancel my appointment", "cancel"), ("book an appointment", "book"), ("book", "agent"), ("an agent", "agent"),
    ] {
      var harness = FlowHarness.begun(states, everywhere: everywhere)
      harness.handle(.said(words))
      #expect(harness.entered == [state], "\(words)")
    }
  }

  @Test("Of two intents that were nearly said, neither is taken")
  func ambiguous() {
    let intents = [intent("one", "delivers", go: "one"), intent("two", "delivery", go: "two")]
    var harness = FlowHarness.begun([listen("menu", "What?", intents: intents), end("one"), end("two")])
    harness.handle(.said("deliverx"))
    #expect(harness.entered.isEmpty)
  }
}
