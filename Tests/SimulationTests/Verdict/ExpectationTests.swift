import CallCore
import Wires
import Simulation
import Testing

@Suite("What is written is compared with what happened")
struct ExpectationTests {
  /// Each is judged as it stands and as what must not be.
  private func expect(
    _ check: Expected.Check, _ isMet: Bool, in call: StagedCall = .oneTurn(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for isAbsent in [false, true] {
      var call = call
      call.testCase.turns[0].expectations = [Expected(check, isAbsent: isAbsent, line: 12)]
      let found = call.judged().turns[0].checks.last
      #expect(found?.kind == check.kind, sourceLocation: sourceLocation)
      #expect(found?.verdict == (isMet != isAbsent ? .passed : .failed), sourceLocation: sourceLocation)
      #expect(found?.line == 12, sourceLocation: sourceLocation)
    }
  }

  private func expectOfCall(
    _ check: Expected.Check, _ isMet: Bool, in call: StagedCall = .oneTurn(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for isAbsent in [false, true] {
      var call = call
      call.testCase.expectations = [Expected(check, isAbsent: isAbsent)]
      let found = call.judged().checks.last
      #expect(found?.kind == check.kind, sourceLocation: sourceLocation)
      #expect(found?.verdict == (isMet != isAbsent ? .passed : .failed), sourceLocation: sourceLocation)
    }
  }

  @Test("Keywords are whole words or phrases, in any case, digits or words")
  func keywords() {
    expect(.keywords(["day", "LIKE to come"]), true)
    expect(.keywords(["day", "month"]), false)
    expect(.keywords(["come to"]), false)
    expect(.keywords(["day"]), false, in: .oneTurn("Come today"))
    expect(.keywords(["three"]), true, in: .oneTurn("At 3 then"))
    expect(.anyOf(["month", "which day"]), true)
    expect(.anyOf(["month", "year"]), false)
    expect(.excludes(["month", "day"]), false)
    expect(.excludes(["month", "come to"]), true)
  }

  @Test("The predecessor's keywords may stand within words")
  func partsOfWords() {
    var call = StagedCall.oneTurn("You are booked in")
    call.testCase.turns[0].expectations = [Expected(.keywords(["Book"]), allowsPartsOfWords: true)]
    #expect(call.judged().verdict == .passed)
    call.testCase.turns[0].expectations = [Expected(.keywords(["Book"]))]
    #expect(call.judged().blamed == [.keywords])
  }

  @Test("A keyword that may stand within words is found however the recogniser writes it", arguments: [true, false])
  func spelling(inParts: Bool) {
    var call = StagedCall.oneTurn("Thank you, good-bye. It is 3 o'clock.")
    call.testCase.turns[0].expectations = [
      Expected(.keywords(["goodbye", "three oclock"]), allowsPartsOfWords: inParts)
    ]
    #expect(call.judged().verdict == .passed)
    call = StagedCall.oneTurn("Listen, the phone is ringing.")
    for number in ["1", "10"] {
      call.testCase.turns[0].expectations = [Expected(.keywords([number]), allowsPartsOfWords: inParts)]
      #expect(call.judged().blamed == [.keywords], "\(number) as a word is no part of another")
    }
  }

  @Test("Exact is word for word, a regular expression is found anywhere, and likeness is in words")
  func texts() {
    expect(.exact("which day would you like to come"), true)
    expect(.exact("which day"), false)
    expect(.regex("day\\s+would.*COME\\?$"), true)
    expect(.regex("^day"), false)
    for slow in ["(a|a)*b9", "(?:a?a?)+b9", "(.|x)*b9", "(what|which).*(day|days).*(would).*(parcel|package)"] {
      expect(.regex(CompiledPattern(slow)), false)
    }
    expect(.similarity("Which day would you like to be here?", percentMin: 60), true)
    expect(.similarity("Which day would you like to be here?", percentMin: 90), false)
  }

  @Test("An expression that an earlier version took fails, wanted or not, and says why", arguments: [false, true])
  func unusableExpression(isAbsent: Bool) throws {
    var call = StagedCall.oneTurn()
    call.testCase.turns[0].expectations = [Expected(.regex("(?=day)day"), isAbsent: isAbsent)]
    #expect(call.testCase.expressionFaults.map(\.source) == ["(?=day)day"])
    let found = try #require(call.judged().turns[0].checks.last)
    #expect(found.verdict == .failed && found.actual.contains("look-ahead"))
  }

  @Test("A state is one that is entered before the caller's next turn, or stayed in")
  func states() {
    expect(.state("ask-day"), true)
    expect(.state("goodbye"), false)
    var call = StagedCall.oneTurn()
    call.state("ask-time", 6000)
    call.say("Tuesday", 4500, 5000)
    call.agent("What time?", turn: 2, 6100, 6800)
    expect(.state("ask-time"), false, in: call)
    expectOfCall(.state("ask-day"), true, in: call)
    expectOfCall(.state("ask-time"), true, in: call)
    expectOfCall(.state("goodbye"), false, in: call)
  }

  @Test("Slots are those at the end of the turn, and of the call")
  func slots() {
    var call = StagedCall.oneTurn()
    call.evidence.record?.timeline = [
      TimelineEntry(at: StagedCall.at(3000), kind: .slotFilled, detail: "day=Tuesday"),
      TimelineEntry(at: StagedCall.at(6000), kind: .slotFilled, detail: "day=Friday"),
    ]
    call.evidence.record?.slots = ["day": "Friday"]
    call.say("No, Friday", 4500, 5000)
    call.agent("Friday, fine", turn: 2, 6100, 6800)
    expect(.slot("day", "tuesday"), true, in: call)
    expect(.slot("day", "Friday"), false, in: call)
    expect(.slot("time", "ten"), false, in: call)
    expectOfCall(.slot("day", "Friday"), true, in: call)
  }

  @Test("A flow's tools are named by their states; those of the call, or up to the caller's next turn, in order")
  func flowTools() throws {
    var call = StagedCall.oneTurn()
    call.evidence.record?.timeline = [(3000, "find: GET"), (3500, "book: POST"), (6000, "find: GET")].map {
      TimelineEntry(at: StagedCall.at($0), kind: .toolCalled, detail: $1)
    }
    call.say("No, Friday", 4500, 5000)
    call.agent("Friday, fine", turn: 2, 6100, 6800)
    expect(.tools(["find", "book"].map { ExpectedToolCall($0) }), true, in: call)
    expect(.tools([ExpectedToolCall("book")]), true, in: call)
    expect(.tools(["book", "find"].map { ExpectedToolCall($0) }), false, in: call)
    expect(.tools(["find", "find"].map { ExpectedToolCall($0) }), false, in: call)
    expectOfCall(.tools(["find", "book", "find"].map { ExpectedToolCall($0) }), true, in: call)
    expectOfCall(.tools([ExpectedToolCall("cancel")]), false, in: call)
    call.testCase.turns[0].expectations = [Expected(.tools(["book", "find"].map { ExpectedToolCall($0) }))]
    let found = try #require(call.judged().turns[0].checks.last)
    #expect(found.expected == "calls of book, then find")
    #expect(found.actual == "called find, book; missing: find")
  }

  @Test("Arguments that are named are compared, the others may be anything")
  func toolArguments() throws {
    var call = StagedCall.oneTurn()
    call.evidence.wire = .realtime
    let calls = [
      (3000, "find", ""),
      (3500, "book", #"{"day":"tuesday","guests":2,"vip":true,"menu":["soup"],"contact":{"phone":"1"}}"#),
      (3600, "odd", "{"), (3700, "list", "[1]"),
    ]
    call.evidence.toolCalls = calls.map {
      .init(at: StagedCall.at($0), call: ToolCall(name: $1, arguments: $2))
    }
    func book(_ arguments: [String: ExpectedArgument]) -> Expected.Check {
      .tools([ExpectedToolCall("find"), ExpectedToolCall("book", arguments)])
    }
    func expect(_ check: Expected.Check, _ isMet: Bool) { expectOfCall(check, isMet, in: call) }
    func actual(_ check: Expected.Check) throws -> CheckResult {
      call.testCase.expectations = [Expected(check)]
      return try #require(call.judged().checks.last)
    }
    expect(book([:]), true)
    expect(book(["day": .text("Tuesday"), "guests": .text("2"), "vip": .text("true")]), true)
    expect(book(["guests": .text("2.0"), "menu": .list([.text("Soup")]), "note": .nothing]), true)
    expect(book(["contact": .members(["phone": .text("1"), "mail": .nothing])]), true)
    for wrong: [String: ExpectedArgument] in [
      ["day": .text("Friday")], ["guests": .text("two")], ["vip": .text("false")], ["menu": .list([])],
      ["menu": .text("soup")], ["day": .nothing], ["note": .text("x")], ["contact": .members(["phone": .text("2")])],
    ] {
      expect(book(wrong), false)
    }
    expect(.tools([ExpectedToolCall("odd")]), true)
    expect(.tools([ExpectedToolCall("odd", ["a": .nothing])]), false)
    expect(.tools([ExpectedToolCall("list", ["a": .text("1")])]), false)
    let missed = try actual(book(["day": .text("Friday")]))
    #expect(missed.expected == "calls of find, then book(day: Friday)")
    #expect(missed.actual.hasPrefix(#"called find(), book({"day":"tuesday""#))
    #expect(missed.actual.hasSuffix("; missing: book(day: Friday)"))
    call.evidence.toolCalls = []
    #expect(try actual(book([:])).actual == "called no tool")
  }

  @Test("Tools of a record that did not come, or is not whole, are unknown", arguments: [false, true])
  func unknownTools(isAbsent: Bool) {
    var call = StagedCall.oneTurn()
    func verdict(_ name: String) -> Verdict? {
      call.testCase.expectations = [Expected(.tools([ExpectedToolCall(name)]), isAbsent: isAbsent)]
      return call.judged().checks.last?.verdict
    }
    call.evidence.record?.timeline = [TimelineEntry(at: StagedCall.at(3000), kind: .toolCalled, detail: "find: GET")]
    call.evidence.record?.timelineDropped = 1
    #expect(verdict("book") == .failed)
    #expect(verdict("find") == (isAbsent ? .failed : .passed))
    call.evidence.record = nil
    #expect(verdict("find") == .failed)
  }

  @Test("Calls of tools, and arguments, that a wire does not tell are refused with their line")
  func unobservableTools() {
    var testCase = StagedCall.oneTurn().testCase
    testCase.expectations = [
      Expected(.tools([ExpectedToolCall("find")]), line: 7),
      Expected(.tools([ExpectedToolCall("find"), ExpectedToolCall("book", ["a": .text("b")])]), line: 8),
    ]
    func faults(_ wire: CallWire) -> [(line: Int, text: String)] {
      testCase.unobservable(over: wire, skipsExpectations: false)
    }
    #expect(faults(.realtime).isEmpty)
    #expect(
      faults(.twilio).map(\.line) == [7, 8] && faults(.twilio)[0].text.contains("tells no `tools`; leave it out"))
    #expect(faults(.voiceforge).map(\.line) == [8])
    #expect(faults(.voiceforge)[0].text.contains("tells no arguments of its tools; name the tools alone"))
  }

  @Test("What nobody knows meets neither an expectation nor its opposite", arguments: [false, true])
  func unknown(isAbsent: Bool) {
    var call = StagedCall.oneTurn()
    call.evidence.record = nil
    call.testCase.expectations = [Expected(.outcome("booked"), isAbsent: isAbsent)]
    call.testCase.turns[0].expectations = [
      Expected(.slot("day", "Tuesday"), isAbsent: isAbsent),
      Expected(.yield(max: .seconds(1)), isAbsent: isAbsent),
    ]
    #expect(call.judged().blamed == [.yield, .slot, .outcome])
  }

  @Test("Times, understanding and talk-over have their limits")
  func limits() {
    expect(.latency(max: .milliseconds(600)), true)
    expect(.latency(max: .milliseconds(599)), false)
    expect(.understood(wordErrorsMax: 0), true)
    var call = StagedCall()
    call.say("Next Tuesday at three", 1000, 1900, cue: .overAgent(after: .milliseconds(800)))
    call.understood("Next Thursday at three", turn: 1, speechAt: 1000, 2400)
    call.agent("Thursday it is then", turn: 1, 2500, 3500)
    expect(.understood(wordErrorsMax: 25), true, in: call)
    expect(.understood(wordErrorsMax: 24), false, in: call)
    expect(.yield(max: .milliseconds(200)), true, in: call)
    expect(.yield(max: .milliseconds(199)), false, in: call)
    expectOfCall(.yield(max: .milliseconds(199)), false, in: call)
    expectOfCall(.latency(max: .milliseconds(600)), true, in: call)
    expectOfCall(.understood(wordErrorsMax: 24), false, in: call)
    call.evidence.duration = .seconds(20)
    expectOfCall(.talkOver(percentMax: 1), true, in: call)
    expectOfCall(.talkOver(percentMax: 0), false, in: call)
    expectOfCall(.duration(max: .seconds(20)), true, in: call)
    expectOfCall(.duration(max: .milliseconds(19_999)), false, in: call)
  }

  @Test("Of the call: outcome, end, and all that the agent said")
  func call() {
    var call = StagedCall.oneTurn()
    call.evidence.record?.outcome = "booked"
    expectOfCall(.outcome("booked"), true, in: call)
    expectOfCall(.outcome("none"), false, in: call)
    expectOfCall(.ended(.callerHungUp), true, in: call)
    expectOfCall(.ended(.completed), false, in: call)
    expectOfCall(.keywords(["clinic", "day"]), true, in: call)
    expectOfCall(.excludes(["clinic"]), false, in: call)
  }

  @Test("A reader sees what was expected and what was there")
  func words() {
    let call = StagedCall.oneTurn(expecting: [
      Expected(.anyOf(["month", "year"]), line: 14), Expected(.latency(max: .milliseconds(250)), line: 15),
    ])
    let reasons = call.judged().reasons
    #expect(reasons.map(\.expected) == ["one of: month, year", "an answer within 250 ms"])
    #expect(reasons.map(\.actual) == ["“Which day would you like to come?”", "600 ms"])
    #expect(reasons.map(\.line) == [14, 15])
    #expect(reasons.map(\.at) == [StagedCall.at(3100), StagedCall.at(3100)])
  }
}
