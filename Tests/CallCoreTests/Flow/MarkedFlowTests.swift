import CallCore
import Testing

@Suite("Flows: texts with marks of SSML")
struct MarkedFlowTests {
  private static let code = FlowText(
    ssml:
      "Your code, {name}, is <break time=\"1s\"/><prosody rate=\"slow\"><say-as interpret-as=\"digits\">{code}</say-as></prosody>."
  )

  private static func flow(_ text: FlowText, language: String = "en", variables: [String: String]) -> FlowMachine {
    let states = [
      FlowState(name: "code", kind: .say([text], next: "menu")),
      listen(
        "menu", "Again?",
        intents: [FlowIntent("again", hear: [UtterancePattern("again")].compactMap { $0 }, then: .repeatLast)]),
    ]
    return FlowMachine(
      flow: Flow(
        name: "test", language: language, start: "code", variables: variables, giveUp: FlowText("Sorry, bye."),
        states: states))
  }

  private static func call(_ machine: FlowMachine) -> CallHarness {
    var harness = CallHarness(flow: machine)
    harness.send(.began)
    return harness
  }

  private static func spoken(_ harness: CallHarness) -> [SynthesisText] {
    harness.actions.compactMap { if case .speak(_, let sentences) = $0 { sentences } else { nil } }.flatMap { $0 }
  }

  @Test("Engines are told pauses and rates; the transcript has the words, and what is said beside them")
  func call() throws {
    let harness = Self.call(Self.flow(Self.code, variables: ["name": "Ann", "code": "4711"]))
    #expect(
      Self.spoken(harness) == [
        SynthesisText("Your code, Ann, is", SpeechDelivery(pauseAfter: .seconds(1))),
        SynthesisText("four seven one one.", SpeechDelivery(ratePercent: 64)), "Again?",
      ])
    let entry = try #require(harness.call.record.transcript.last)
    #expect(entry.text == "Your code, Ann, is 4711. Again?")
    #expect(entry.spoken == "Your code, Ann, is four seven one one. Again?")
  }

  @Test("A value is words, whatever stands in it")
  func values() {
    let name = "<break time='9s'/> & <audio/> </speak>"
    let harness = Self.call(Self.flow(Self.code, variables: ["name": name, "code": "<b>1"]))
    let spoken = Self.spoken(harness)
    #expect(spoken.map(\.delivery.silence) == [.seconds(1), .zero, .zero])
    #expect(spoken.last?.words == "Again?")
    #expect(harness.call.record.transcript.last?.text.contains(name) ?? false)
  }

  @Test("What was said with marks is said with them again")
  func again() {
    var machine = Self.flow(Self.code, variables: ["name": "Ann", "code": "4711"])
    var outputs: [FlowOutput] = []
    machine.handle(.begin, into: &outputs)
    let first = outputs.filter { if case .saySSML = $0 { true } else { false } }
    #expect(first.count == 1)
    outputs = []
    machine.handle(.said("again"), into: &outputs)
    #expect(outputs.filter { if case .saySSML = $0 { true } else { false } } == first)
  }

  @Test("A text that is too long with its values ends the flow as any text does")
  func tooLong() {
    let long = String(repeating: "&", count: 1000)
    let text = FlowText(ssml: Array(repeating: "{a}", count: 5).joined(separator: "<s/>"))
    var machine = Self.flow(text, variables: ["a": long])
    var outputs: [FlowOutput] = []
    machine.handle(.begin, into: &outputs)
    #expect(outputs.contains(.say("Sorry, bye.", interruptible: false)))
    #expect(machine.hasEnded)
  }

  @Test(
    "A date in numbers is said in the order in which the flow's callers mean it",
    arguments: [
      ("en", "on May third.", "May third, twenty twenty six."),
      ("en-US", "on May third.", "May third, twenty twenty six."),
      ("en-GB", "on the fifth of March.", "the fifth of March, twenty twenty six."),
    ])
  func dates(language: String, said: String, saidWithYear: String) {
    let flow = Self.flow(FlowText("See you on 5/3. That is 05/03/2026."), language: language, variables: [:])
    #expect(Self.spoken(Self.call(flow)).map(\.words) == ["See you \(said)", "That is \(saidWithYear)", "Again?"])
    let marked = Self.flow(FlowText(ssml: "See you on 5/3."), language: language, variables: [:])
    #expect(Self.spoken(Self.call(marked)).first?.words == "See you \(said)")
  }

  @Test("Marked sentences whose words are known are made before the first call")
  func fixed() {
    let flow = Self.flow(Self.code, variables: ["name": "Ann", "code": "4711"]).flow
    #expect(
      flow.fixedSpeech(defaultVoice: "heart").contains(
        SynthesisText("four seven one one.", SpeechDelivery(ratePercent: 64))))
    #expect(!flow.fixedSentences.contains { $0.contains("<") })
  }
}
