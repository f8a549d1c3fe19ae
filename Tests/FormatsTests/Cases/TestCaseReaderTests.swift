import CallCore
import Formats
import Testing

@Suite("Test case reader")
struct TestCaseReaderTests {
  private static let everything = """
    id: all/1
    title: Everything at once
    tags: [smoke, long.run]
    agent: {flow: appointment, voice: heart-bright, fault: unyielding}
    caller: {voice: heart-deep, persona: In a hurry., rate: 120, pitch: 90%, pause: 0ms, patience: 5s}
    disfluency: {fillers: 20, repetitions: 10%, restarts: 5, lengthenings: 6, pauses: 7, pause-min: 100ms, pause-max: 1s}
    world:
      noise: {sort: recording, file: yes.wav, snr: -3 dB}
      level: -6dB
      echo: {level: -30, delay: 80ms}
      telephone: true
      codec: mulaw
      keys: in-band
      network: {loss: 5%, burst: 3, delay: 40ms, jitter: 20ms, duplicates: 0.5%}
      disconnect-after: 30s
      engine-trouble:
        - {engine: recognition, from-turn: 2, fails: true}
        - {engine: synthesis, slow-by: 2s}
    turns:
      - My number is [pause 600ms] four
      - say: Stop.
        at: 800ms
        expect:
          latency: 1200ms
          yield: 400ms
          understood: 20
      - play: yes.wav
        text: yes
        at-phrase: is that right
        again-when: [sorry, once more]
      - press: "47#"
      - silent: true
      - {backchannel: uh-huh, at: 600ms}
      - {hang-up: true, at: 1s}
    expect: {talk-over: 5%, duration: 90s, ended: caller-hung-up}
    seed: 18446744073709551615
    max-duration: 2s
    must-fail: yield
    """

  @Test("Every key of a case is read")
  func everyKey() throws {
    let found = try #require(try readCases(Self.everything).get().first)
    #expect(found.id == "all/1" && found.title == "Everything at once" && found.tags == ["smoke", "long.run"])
    #expect(found.agent == TestAgent(flow: "appointment", voice: "heart-bright", fault: .unyielding))
    var caller = CallerProfile()
    caller.voice = "heart-deep"
    caller.persona = "In a hurry."
    caller.style = SpeakingStyle(ratePercent: 120, pitchPercent: 90)
    caller.pauseBeforeAnswer = .zero
    caller.patience = .seconds(5)
    #expect(found.caller == caller)
    var rates = DisfluencyRates()
    (rates.fillers, rates.repetitions, rates.restarts, rates.lengthenings, rates.pauses) = (20, 10, 5, 6, 7)
    (rates.pauseMin, rates.pauseMax) = (.milliseconds(100), .seconds(1))
    #expect(found.disfluency == rates)
    #expect(found.seed == .max && found.durationMax == .seconds(2) && found.mustFail == .yield)
    #expect(found.source == CaseSource(file: "calls/menu.yaml", line: 1))
    #expect(
      found.expectations == [
        CallCore.Expectation(.talkOver(percentMax: 5), line: 35),
        CallCore.Expectation(.duration(max: .seconds(90)), line: 35),
        CallCore.Expectation(.ended(.callerHungUp), line: 35),
      ])
  }

  @Test("Every key of a world is read")
  func world() throws {
    let found = try #require(try readCases(Self.everything).get().first).world
    var world = CallWorld()
    world.noise = CallWorld.Noise(sort: .recording("calls/yes.wav"), ratio: -3)
    world.level = -6
    world.echo = CallWorld.Echo(level: -30, delay: .milliseconds(80))
    world.isTelephone = true
    world.codec = .mulaw
    world.keys = .inBand
    world.network.lossPermille = 50
    world.network.lossBurst = 3
    world.network.delay = .milliseconds(40)
    world.network.jitter = .milliseconds(20)
    world.network.duplicatePermille = 5
    world.disconnectAfter = .seconds(30)
    world.engineTroubles = [
      CallWorld.EngineTrouble(engine: .recognition, fromTurn: 2, delay: nil),
      CallWorld.EngineTrouble(engine: .synthesis, fromTurn: 1, delay: .seconds(2)),
    ]
    #expect(found == world)
  }

  @Test("Every kind of turn is read")
  func turns() throws {
    let turns = try #require(try readCases(Self.everything).get().first).turns
    #expect(turns.map(\.number) == [1, 2, 3, 4, 5, 6, 7])
    #expect(turns.map(\.line) == [20, 21, 27, 31, 32, 33, 34])
    #expect(
      turns.map(\.action) == [
        .say([.words("My number is"), .pause(.milliseconds(600)), .words("four")]), .say([.words("Stop.")]),
        .play(file: "calls/yes.wav", text: "yes"), .press("47#".compactMap { Key($0) }), .staySilent,
        .backchannel("uh-huh"), .hangUp,
      ])
    #expect(
      turns.map(\.cue) == [
        .whenAsked, .overAgent(after: .milliseconds(800)), .atPhrase("is that right"), .whenAsked, .whenAsked,
        .overAgent(after: .milliseconds(600)), .overAgent(after: .seconds(1)),
      ])
    #expect(turns.map(\.againWhen) == [[], [], ["sorry", "once more"], [], [], [], []])
    #expect(
      turns[1].expectations == [
        CallCore.Expectation(.latency(max: .milliseconds(1200)), line: 24),
        CallCore.Expectation(.yield(max: .milliseconds(400)), line: 25),
        CallCore.Expectation(.understood(wordErrorsMax: 20), line: 26),
      ])
  }

  @Test("An answering machine and hold music are read, with defaults")
  func machineAndHold() throws {
    let text = """
      flow: appointment
      turns:
        - answering-machine: Leave a message. [pause 300ms] Thank you.
          beep: {hertz: 440, length: 1s}
          expect: {message-left: [call us, ten]}
        - hold: {music: yes.wav, for: 8s}
        - hold: {for: 2s}
      expect: {message-left: back}
      """
    let found = try #require(try readCases(text).get().first)
    var beep = MachineBeep()
    (beep.hertz, beep.length) = (440, .seconds(1))
    let greeting: [SpokenPiece] = [.words("Leave a message."), .pause(.milliseconds(300)), .words("Thank you.")]
    #expect(
      found.turns.map(\.action) == [
        .answerAsMachine(greeting: greeting, beep: beep), .hold(music: "calls/yes.wav", length: .seconds(8)),
        .hold(music: nil, length: .seconds(2)),
      ])
    #expect(found.turns[0].expectations.map(\.check) == [.messageLeft(["call us", "ten"])])
    #expect(found.expectations.map(\.check) == [.messageLeft(["back"])])
  }

  @Test("Every expectation is read, in the order of the file")
  func expectations() throws {
    let text = """
      flow: appointment
      turns:
        - say: Hi.
          expect:
            slots: {day: 2026-03-03, time: "10:00"}
            keywords: [which day, come]
            any-of: day
            regex: /which.*come/
            excludes: [night]
            similar: {to: Which day?, percent: 60%}
            state: [day, time]
          never:
            keywords: [a, b]
            exact: No.
            similar: Good night.
            regex: x
            state: name
            slots: {day: x}
      expect: {keywords: [goodbye], any-of: [a, b], regex: a, excludes: c, state: menu, outcome: booked, understood: 3}
      never: {outcome: [cancelled, nothing-done], ended: [no-input, no-match], keywords: error}
      """
    let found = try #require(try readCases(text).get().first)
    let turn = found.turns[0].expectations
    #expect(
      turn.filter { !$0.isAbsent }.map(\.check) == [
        .slot("day", "2026-03-03"), .slot("time", "10:00"), .keywords(["which day", "come"]), .anyOf(["day"]),
        .regex("which.*come"), .excludes(["night"]), .similarity("Which day?", percentMin: 60), .state("day"),
        .state("time"),
      ])
    #expect(
      turn.filter(\.isAbsent).map(\.check) == [
        .keywords(["a"]), .keywords(["b"]), .exact("No."), .similarity("Good night.", percentMin: 80), .regex("x"),
        .state("name"), .slot("day", "x"),
      ])
    #expect(turn.map(\.line) == [5, 5, 6, 7, 8, 9, 10, 11, 11, 13, 13, 14, 15, 16, 17, 18])
    #expect(turn.allSatisfy { !$0.allowsPartsOfWords })
    #expect(
      found.expectations.filter { !$0.isAbsent }.map(\.check) == [
        .keywords(["goodbye"]), .anyOf(["a", "b"]), .regex("a"), .excludes(["c"]), .state("menu"), .outcome("booked"),
        .understood(wordErrorsMax: 3),
      ])
    #expect(
      found.expectations.filter(\.isAbsent).map(\.check) == [
        .outcome("cancelled"), .outcome("nothing-done"), .ended(.noInput), .ended(.noMatch), .keywords(["error"]),
      ])
  }

  @Test("Calls of tools are read by name and with arguments of every form")
  func tools() throws {
    let text = """
      flow: a
      turns:
        - say: Hi.
          expect: {tools: find}
          never: {tools: [cancel, {name: book, arguments: {day: Friday}}]}
      expect:
        tools:
          - find
          - name: book
            arguments: {day: Tuesday, guests: 2, note: null, menu: [soup, [a]], contact: {phone: "4711"}}
      """
    let found = try #require(try readCases(text).get().first)
    #expect(
      found.turns[0].expectations == [
        CallCore.Expectation(.tools([ExpectedToolCall("find")]), line: 4),
        CallCore.Expectation(.tools([ExpectedToolCall("cancel")]), isAbsent: true, line: 5),
        CallCore.Expectation(
          .tools([ExpectedToolCall("book", ["day": .text("Friday")])]), isAbsent: true, line: 5),
      ])
    let arguments: [String: ExpectedArgument] = [
      "day": .text("Tuesday"), "guests": .text("2"), "note": .nothing,
      "menu": .list([.text("soup"), .list([.text("a")])]), "contact": .members(["phone": .text("4711")]),
    ]
    let book = ExpectedToolCall("book", arguments)
    #expect(found.expectations == [CallCore.Expectation(.tools([ExpectedToolCall("find"), book]), line: 7)])
    #expect("\(book)" == "book(contact: {phone: 4711}, day: Tuesday, guests: 2, menu: [soup, [a]], note: null)")
  }

  @Test("Each statement to be judged is a question of its own")
  func judged() throws {
    let text = """
      flow: a
      turns: [Hi.]
      expect: {judged: [offers another day, "is polite: always"]}
      never: {judged: promises a refund}
      """
    let found = try #require(try readCases(text).get().first)
    #expect(
      found.expectations == [
        CallCore.Expectation(.judged("offers another day"), line: 3),
        CallCore.Expectation(.judged("is polite: always"), line: 3),
        CallCore.Expectation(.judged("promises a refund"), isAbsent: true, line: 4),
      ])
  }

  @Test("A short case has the defaults of everything, and its file's name")
  func short() throws {
    let cases = try readCases("flow: appointment\nturns: [Hello.]\n").get()
    var expected = TestCase(
      id: "menu", agent: TestAgent(flow: "appointment"),
      turns: [TestTurn(number: 1, action: .say([.words("Hello.")]), line: 2)])
    expected.source = CaseSource(file: "calls/menu.yaml", line: 1)
    #expect(cases == [expected])
  }

  @Test("Cases share defaults: sections are merged by key, the rest is replaced")
  func defaults() throws {
    let text = """
      defaults:
        flow: appointment
        tags: [a]
        caller: {rate: 80, persona: Slow.}
        world: {noise: {sort: recording, file: yes.wav, snr: 10}, level: -6}
        expect: {outcome: booked, duration: 60s}
        turns: [Hello.]
      cases:
        - id: first
        - id: second
          agent: {fault: deaf}
          tags: [b]
          caller: {persona: Slow and loud.}
          world: {noise: {sort: white, snr: 20}}
          expect: {outcome: cancelled}
        - id: third
          flow: order-status
          world: {noise: none, level: 0}
          turns: [Good morning., Goodbye.]
      """
    let cases = try readCases(text).get()
    #expect(cases.map(\.id) == ["first", "second", "third"] && cases.map(\.tags) == [["a"], ["b"], ["a"]])
    #expect(cases.map(\.agent.flow) == ["appointment", "appointment", "order-status"])
    #expect(cases.map(\.agent.fault) == [nil, .deaf, nil])
    #expect(cases.map(\.caller.style.ratePercent) == [80, 80, 80])
    #expect(cases.map(\.caller.persona) == ["Slow.", "Slow and loud.", "Slow."])
    #expect(
      cases.map(\.world.noise) == [
        .init(sort: .recording("calls/yes.wav"), ratio: 10), .init(sort: .white, ratio: 20), nil,
      ])
    #expect(cases.map(\.world.level) == [-6, -6, 0])
    #expect(
      cases[1].expectations.map(\.check) == [.outcome("cancelled"), .duration(max: .seconds(60))])
    #expect(cases.map(\.turns.count) == [1, 1, 2] && cases.map(\.source.line) == [9, 10, 16])
  }

  @Test("A table writes a case out for each of its rows")
  func table() throws {
    let text = """
      flow: appointment
      id: book
      title: "{day} it is"
      world: {noise: {sort: white, snr: "{snr}"}}
      turns:
        - say: "{day}, please."
          expect: {slots: {day: "{date}"}, regex: 'a{2}|b{1,3}'}
      parameters:
        - {day: Tomorrow, date: 2026-03-03, snr: 10}
        - {day: Friday, date: 2026-03-06, snr: 20}
      """
    let cases = try readCases(text).get()
    #expect(cases.map(\.id) == ["book/1", "book/2"] && cases.map(\.title) == ["Tomorrow it is", "Friday it is"])
    #expect(cases.map(\.world.noise?.ratio) == [10, 20])
    #expect(
      cases.map { $0.turns[0].action } == [.say([.words("Tomorrow, please.")]), .say([.words("Friday, please.")])])
    #expect(
      cases[1].turns[0].expectations.map(\.check) == [.slot("day", "2026-03-06"), .regex("a{2}|b{1,3}")])
    let named = text.replacing("- {day: Tomorrow", with: "- {name: A b/c, day: Tomorrow")
      .replacing("- {day: Friday", with: "- {name: d, day: Friday")
    #expect(try readCases(named).get().map(\.id) == ["book/A-b-c", "book/d"])
  }

  @Test("Paths of recordings begin at the file's folder, unless they are absolute")
  func paths() throws {
    let text = "flow: a\nturns: [{play: sounds/a.wav}, {play: /sounds/b.wav}]\n"
    for (file, first) in [("x.yaml", "sounds/a.wav"), ("a/b/x.yaml", "a/b/sounds/a.wav"), ("/x.yaml", "/sounds/a.wav")]
    {
      let found = try TestCaseFileReader.read(text, file: file) { _ in true }.get()
      #expect(
        found[0].turns.map(\.action) == [.play(file: first, text: nil), .play(file: "/sounds/b.wav", text: nil)])
    }
  }
}
