import CallCore
import Formats
import Testing

@Suite("Flow reader: files that are wrong")
struct FlowFaultTests {
  private static let bye = "\n  bye: {end: }\n"

  /// A fault in line 2, where the state `a` stands.
  private static func state(_ kind: FileFaultKind, says: String, _ a: String) -> FileFaultCase {
    FileFaultCase(kind, line: 2, says: says, "states:\n  a: \(a)\(bye)")
  }

  /// A fault in line 4, where a branch of a decision stands.
  private static func branch(_ kind: FileFaultKind, says: String, _ branch: String) -> FileFaultCase {
    FileFaultCase(kind, line: 4, says: says, "states:\n  a:\n    decide:\n      - \(branch)\n    else: bye\(bye)")
  }

  /// A fault in what stands before the states.
  private static func file(_ kind: FileFaultKind, line: Int, says: String, _ head: String) -> FileFaultCase {
    FileFaultCase(kind, line: line, says: says, "\(head)states:\(bye)")
  }

  static let ofFiles: [FileFaultCase] = [
    .init(.brokenYAML, line: 3, says: "must be in quotes", "states:\n  bye:\n    say: Note: this\n    end: x\n"),
    .init(.brokenYAML, line: 3, says: "not YAML", "states:\n  bye:\n    say: \"open\n"),
    .init(.brokenYAML, line: 2, says: "tab", "states:\n\tbye: {end: }\n"),
    .init(
      .brokenYAML, line: 3, says: "put the whole text in quotes",
      "states:\n  bye:\n    say: press # when you are done\n    end: x\n"),
    .init(
      .brokenYAML, line: 3, says: "put the whole text in quotes",
      "states: # \u{00E9}\r\n  bye:\r\n    say: H\u{00F6}re zu # now\r\n    end: x\r\n"
    ),
    file(.wrongType, line: 2, says: "a day such as 2026-03-02, not `tomorrow`", "variables:\n  today: tomorrow\n"),
    .init(.alias, line: 2, says: "anchors and aliases", "variables:\n  a: &x [1]\n  b: *x\nstates:\n  bye: {end: }\n"),
    .init(.missingKey, line: 1, says: "empty", "# nothing\n"),
    .init(.missingKey, line: 1, says: "no `states`", "title: Hm\n"),
    .init(.wrongType, line: 1, says: "must be a mapping", "- one\n- two\n"),
    .init(.wrongType, line: 1, says: "`states` must be", "states: []\n"),
    file(.unknownKey, line: 1, says: "did you mean `title`", "titel: Hm\n"),
    file(.unknownKey, line: 2, says: "known there: flow, title", "\nzebra: Hm\n"),
    file(.badName, line: 1, says: "name of a flow", "flow: My Flow\n"),
    .init(
      .badName, line: 3, says: "name of a state", "states:\(bye)  two words: {end: }\n".replacing("\n\n", with: "\n")),
    file(.badName, line: 2, says: "given its value by VoiceForge", "variables:\n  reference: 1\n"),
    file(.badName, line: 2, says: "name of a variable", "variables:\n  1a: 1\n"),
    .init(.duplicate, line: 3, says: "`bye` is there twice", "states:\(bye)  bye: {end: x}\n"),
    .init(.duplicate, line: 4, says: "`say` is there twice", "states:\n  bye:\n    say: A\n    say: B\n    end:\n"),
    file(.unknownState, line: 1, says: "no state `by`; did you mean `bye`", "start: by\n"),
    .init(
      .outOfLimits, line: 1, says: "`end-of-turn-silence`",
      "end-of-turn-silence: 1m\nstates:\(bye)".replacing("1m", with: "9s")),
    file(.wrongType, line: 1, says: "3s or 800ms", "end-of-turn-silence: 1m\n"),
    file(.wrongType, line: 1, says: "did you mean `meaning`", "end-of-turn: meanin\n"),
    file(.wrongType, line: 1, says: "did you mean `when-words`", "interrupt: when-word\n"),
    file(
      .contradiction, line: 1,
      says: "silence of 250 ms ends each turn before its meaning is known; make it 280ms or more",
      "end-of-turn-silence: 250ms\nend-of-turn: meaning\n"),
    file(.unreachable, line: 2, says: "intent `tea`", "intents:\n  tea: [tea]\n"),
    file(.emptyText, line: 1, says: "`title` of the file is empty", "title: \"\"\n"),
    .init(
      .outOfLimits, line: 1, says: "501 characters; at most 500",
      "give-up: \(String(repeating: "a", count: 501))\nstates:\(bye)"),
    .init(
      .outOfLimits, line: 1, says: "bytes", "# \(String(repeating: "a", count: FlowLimits.fileBytesMax))\nstates:\(bye)"
    ),
    .init(
      .outOfLimits, line: 1, says: "201 states",
      "states:\n" + (0..<200).map { "  s\($0): {say: A., next: s\($0 + 1)}\n" }.joined() + "  s200: {end: }\n"),
  ]

  static let ofStates: [FileFaultCase] = [
    state(.unknownKind, says: "did you mean `say`", "{sya: Hi, next: bye}"),
    state(.unknownKind, says: "does nothing", "hello"),
    state(
      .wrongType, says: "cannot be `meaning` with `as: yes-no`",
      "{collect: it, as: yes-no, ask: Is it?, end-of-turn: meaning, next: bye}"),
    state(
      .contradiction, says: "`end-of-turn-silence` of state `a` comes to nothing: silence of 200 ms",
      "{listen: Hm?, intents: {b: {hear: b, next: bye}}, end-of-turn: meaning, end-of-turn-silence: 200ms}"),
    .init(
      .contradiction, line: 3, says: "`end-of-turn-silence` of state `a` comes to nothing",
      "end-of-turn: meaning\nstates:\n  a: {collect: it, as: text, ask: Hm?, end-of-turn-silence: 200ms, next: bye}\(bye)"
    ),
    .init(
      .contradiction, line: 3, says: "`end-of-turn` of state `a` comes to nothing",
      "end-of-turn-silence: 200ms\nstates:\n  a: {collect: it, as: text, ask: Hm?, end-of-turn: meaning, next: bye}\(bye)"
    ),
    state(.unknownKind, says: "`listen` and `decide`", "{listen: Hm?, decide: x}"),
    .init(
      .unknownKey, line: 4, says: "did you mean `next`", "states:\n  a:\n    say: Hi\n    nxt: bye\n    next: bye\(bye)"
    ),
    .init(.deadEnd, line: 3, says: "has no `next`", "states:\n  a:\n    say: Hi\n  bye: {end: }\nstart: a\n"),
    state(.wrongType, says: "must be a text, not a mapping", "{say: {x: y}, next: bye}"),
    state(.emptyText, says: "`say` of state `a` is empty", "{say: ' ', next: bye}"),
    state(.emptyText, says: "empty list", "{say: [], next: bye}"),
    .init(
      .unknownVariable, line: 4, says: "did you mean `name`",
      "variables: {name: x}\nstates:\n  a:\n    say: Hi {nane}\n    next: bye\(bye)"),
    state(.unknownVariable, says: "declare it", "{say: 'Hi {prompt}', next: bye}"),
    state(.unknownFilter, says: "did you mean `digits`", "{say: 'Hi {today | digit}', next: bye}"),
    state(.strayBrace, says: "brace", "{say: 'Hi {to day}', next: bye}"),
    state(
      .badMarkup, says: "`<audio>` at character 4 is not understood here; there are `speak`",
      "{say: {ssml: 'Hi <audio src=\"x\"/>'}, next: bye}"),
    state(
      .badMarkup, says: "{today} in a tag", "{say: [Hi, {ssml: 'Hi <break time=\"{today}\"/>'}], next: bye}"),
    state(.emptyText, says: "marks alone", "{say: {ssml: '<break/>'}, next: bye}"),
    state(.unknownKey, says: "known there: ssml", "{say: {ssml: Hi, rate: slow}, next: bye}"),
    state(.unknownVariable, says: "`nobody`", "{say: {ssml: 'Hi {nobody}'}, next: bye}"),
    state(
      .wrongType, says: "must be a text, not a mapping", "{listen: {ssml: Hi}, intents: {b: {hear: b, next: bye}}}"),
    state(.wrongType, says: "true or false", "{say: Hi, interruptible: maybe, next: bye}"),
    .init(
      .outOfLimits, line: 2, says: "21 texts",
      "states:\n  a: {say: [\((0..<21).map { "a\($0)" }.joined(separator: ", "))], next: bye}\(bye)"),
    .init(.unreachable, line: 3, says: "state `a` is never reached", "states:\(bye)  a: {say: Hi, next: bye}\n"),
    .init(
      .deadEnd, line: 2, says: "no end of the call", "states:\n  a: {listen: Hm?, intents: {b: {hear: b, next: a}}}\n"),
    .init(
      .endlessLoop, line: 2, says: "a → b → a",
      "variables: {x: 1}\nstates:\n  a: {say: A, next: b}\n  b: {decide: x, cases: {1: bye}, else: a}\(bye)".replacing(
        "variables: {x: 1}\nstates:\n", with: "states:\n") + "variables: {x: 1}\n"),
    .init(.wrongType, line: 2, says: "telephone number", "states:\n  a: {phone-transfer: the desk}\n"),
    .init(.wrongType, line: 2, says: "`name: text` lines", "states:\n  bye: {end: , set: [1]}\n"),
  ]

  static let ofQuestions: [FileFaultCase] = [
    state(.deadEnd, says: "has no `intents`", "{listen: Hm?, else: bye}"),
    .init(
      .deadEnd, line: 4, says: "has no `next`",
      "states:\n  a:\n    listen: Hm?\n    intents: {b: {hear: b}}\n    else: bye\(bye)"),
    .init(
      .unknownIntent, line: 2, says: "did you mean `tea`",
      "states:\n  a: {listen: Hm?, intents: {tee: bye, tea: bye}}\(bye)intents: {tea: tea}\n"),
    state(.missingKey, says: "no `hear`", "{listen: Hm?, intents: {tea: {next: bye}}}"),
    state(
      .badExpression, says: "not a regular expression", "{listen: Hm?, intents: {tea: {hear: '/(tea/', next: bye}}}"),
    state(
      .badExpression, says: "`/(?=t)tea/` of `hear` of intent `tea` of state `a` has look-ahead `(?=`",
      "{listen: Hm?, intents: {tea: {hear: '/(?=t)tea/', next: bye}}}"),
    .init(
      .outOfLimits, line: 2, says: "more than 1000 expressions",
      "states:\n  a: {listen: Hm?, intents: {\((0..<11).map { i in "t\(i): {hear: [\((0..<100).map { "/x\(i)y\($0)/" }.joined(separator: ", "))], next: bye}" }.joined(separator: ", "))}}\(bye)"
    ),
    .init(
      .badExpression, line: 3, says: "has the back-reference `\\1`",
      "states:\n  a:\n    decide: [{if: b, matches: '(.)\\1', next: bye}]\n    else: bye\(bye)variables: {b: ''}\n"),
    state(.emptyText, says: "no word in it", "{listen: Hm?, intents: {tea: {hear: '...', next: bye}}}"),
    state(
      .emptyText, says: "no word in it that could mean",
      "{listen: Hm?, intents: {tea: {hear: {like: '42'}, next: bye}}}"),
    state(.missingKey, says: "no `like`", "{listen: Hm?, intents: {tea: {hear: {}, next: bye}}}"),
    state(
      .unknownKey, says: "did you mean `like`", "{listen: Hm?, intents: {tea: {hear: {lik: I want tea}, next: bye}}}"),
    state(
      .wrongType, says: "must be a text", "{listen: Hm?, intents: {tea: {hear: [{like: I want tea}], next: bye}}}"),
    FileFaultCase(
      .outOfLimits, line: 2, says: "more than 300 sentences",
      "states:\n  a: {listen: Hm?, intents: {\((0..<4).map { i in "t\(i): {hear: {like: [\((0..<80).map { "x\(i)y\($0)" }.joined(separator: ", "))]}, next: bye}" }.joined(separator: ", "))}}\(bye)"
    ),
    .init(
      .duplicate, line: 5, says: "key 1 means both `b` and `c`",
      "states:\n  a:\n    listen: Hm?\n    intents: {b: {keys: 1, next: bye},\n      c: {keys: 1, next: bye}}\(bye)"),
    .init(
      .duplicate, line: 6, says: "`b` is there twice",
      "states:\n  a:\n    listen: Hm?\n    intents:\n      b: {hear: b, next: bye}\n      b: {hear: c, next: bye}\(bye)"
    ),
    state(.wrongType, says: "0…9 and *", "{listen: Hm?, intents: {b: {keys: one, next: bye}}}"),
    state(
      .wrongType, says: "both `next` and `repeat`", "{listen: Hm?, intents: {b: {hear: b, next: bye, repeat: true}}}"),
    state(.outOfLimits, says: "0 to 10", "{listen: Hm?, intents: {b: {hear: b, next: bye}}, no-input: {times: 11}}"),
    state(
      .wrongType, says: "whole number", "{listen: Hm?, intents: {b: {hear: b, next: bye}}, no-input: {times: two}}"),
    state(
      .unknownState, says: "no state `nowhere`",
      "{listen: Hm?, intents: {b: {hear: b, next: bye}}, no-match: {next: nowhere}}"),
    state(
      .contradiction, says: "`times` of `no-match` of state `a` is of no use",
      "{listen: Hm?, intents: {b: {hear: b, next: bye}}, no-match: {times: 1, ignore: true}}"),
    state(.deadEnd, says: "no `no-beep`", "{await-beep: bye}"),
    state(.unknownState, says: "no state `nowhere`", "{await-beep: nowhere, no-beep: bye}"),
    state(.outOfLimits, says: "1000 ms to 60000 ms", "{await-beep: bye, no-beep: bye, no-beep-after: 100ms}"),
    state(.unknownKey, says: "known there", "{await-beep: bye, no-beep: bye, listening: Hm?}"),
    file(.unknownState, line: 1, says: "no state `desk`", "everywhere: {b: {hear: b, next: desk}}\n"),
    state(.missingKey, says: "no `as`", "{collect: x, ask: Hm?, next: bye}"),
    state(.missingKey, says: "no `ask`", "{collect: x, as: date, next: bye}"),
    state(.missingKey, says: "no `length`", "{collect: x, as: digits, ask: Hm?, next: bye}"),
    state(.missingKey, says: "no `choices`", "{collect: x, as: choice, ask: Hm?, next: bye}"),
    state(.wrongType, says: "did you mean `digits`", "{collect: x, as: digit, ask: Hm?, next: bye}"),
    state(.wrongType, says: "range such as 4-8", "{collect: x, as: digits, length: some, ask: Hm?, next: bye}"),
    state(.outOfLimits, says: "1 to 40 digits", "{collect: x, as: digits, length: 41, ask: Hm?, next: bye}"),
    state(.unknownKey, says: "belongs to `as: digits`", "{collect: x, as: date, length: 4, ask: Hm?, next: bye}"),
    state(.badName, says: "given its value by VoiceForge", "{collect: heard, as: date, ask: Hm?, next: bye}"),
  ]

  static let ofDecisionsAndTools: [FileFaultCase] = [
    state(.deadEnd, says: "has no `else`", "{decide: today, cases: {x: bye}}"),
    state(.missingKey, says: "no `cases`", "{decide: today, else: bye}"),
    state(.unknownVariable, says: "nothing gives `x` a value", "{decide: x, cases: {x: bye}, else: bye}"),
    branch(.missingKey, says: "exactly one test", "{if: today, is: x, in: [y], next: bye}"),
    branch(.missingKey, says: "no `if`", "{is: x, next: bye}"),
    branch(.deadEnd, says: "no `next`", "{if: today, is: x}"),
    branch(.wrongType, says: "must be a number", "{if: today, above: ten, next: bye}"),
    branch(.badExpression, says: "not a regular expression", "{if: today, matches: '(', next: bye}"),
    state(.unknownState, says: "no state `y`", "{decide: today, cases: {x: y}, else: bye}"),
    state(.wrongType, says: "no method `FETCH`", "{tool: FETCH http://x, next: bye}"),
    state(.wrongType, says: "METHOD http", "{tool: ftp://x, next: bye}"),
    state(.outOfLimits, says: "100 ms to 30000 ms", "{tool: 'http://x', timeout: 31s, next: bye}"),
    state(.outOfLimits, says: "0 to 2", "{tool: 'http://x', retries: 3, next: bye}"),
    state(.unknownVariable, says: "`order`", "{tool: 'http://x/{order}', next: bye}"),
    state(.badName, says: "name of a header", "{tool: 'http://x', headers: {'A b': c}, next: bye}"),
    state(.wrongType, says: "`variable: path` lines", "{tool: 'http://x', save: status, next: bye}"),
  ]

  @Test(
    "Each fault is found in its line, alone, and says what to do",
    arguments: ofFiles + ofStates + ofQuestions + ofDecisionsAndTools)
  func found(_ wrong: FileFaultCase) {
    let found = faults(in: wrong.text.replacing("\n\n", with: "\n"))
    #expect(found.map(\.kind) == [wrong.kind], "\(found.map(\.description))")
    #expect(found.map(\.line) == [wrong.line], "\(found.map(\.description))")
    #expect(found.first?.message.contains(wrong.says) == true, "\(found.map(\.description))")
  }

  @Test("Every kind of fault has a case")
  func complete() {
    let cases =
      FlowFaultTests.ofFiles + FlowFaultTests.ofStates + FlowFaultTests.ofQuestions
      + FlowFaultTests.ofDecisionsAndTools
    let elsewhere: Set<FileFaultKind> = [
      .unknownFlow,  // `unknownFlow()` below
      .notInstalled,  // `examplesWithoutModel()` below
      // of test cases only
      .unknownSlot, .unknownOutcome, .contradiction, .unusedColumn, .missingFile, .badJSON, .unknownCaller,
    ]
    #expect(Set(cases.map(\.kind)).union(elsewhere) == Set(FileFaultKind.allCases))
  }

  @Test("Examples are a fault where the model for them is not installed, with what to do; words alone are none")
  func examplesWithoutModel() throws {
    let text =
      "states:\n  a:\n    listen: Hm?\n    intents:\n      tea: {hear: {words: tea, like: [I want tea]}, next: b}\n  b: {end: }\n"
    guard case .failure(let faults) = FlowReader.read(text, file: "a.yaml", hasMeaning: false) else {
      Issue.record("taken without a model")
      return
    }
    #expect(faults.faults.map(\.kind) == [.notInstalled] && faults.faults.map(\.line) == [5])
    #expect(faults.description.contains("make setup"))
    let flow = try FlowReader.read(text, file: "a.yaml").get()
    #expect(flow.examples == ["I want tea"])
    let words = text.replacing(", like: [I want tea]", with: "")
    #expect(try FlowReader.read(words, file: "a.yaml", hasMeaning: false).get().examples == [])
  }

  @Test("A transfer to a flow that there is not is found when the flows are known")
  func unknownFlow() {
    let text = "states:\n  a:\n    say: Hm.\n    transfer: apointment\n"
    #expect(faults(in: text).isEmpty)
    let found = faults(in: text, knownFlows: ["appointment", "orders"])
    #expect(found.map(\.kind) == [.unknownFlow] && found.map(\.line) == [4] && found.map(\.column) == [5])
    #expect(found.first?.message == "there is no flow `apointment`; did you mean `appointment`?")
    switch FlowReader.readLibrary([("a.yaml", text), ("b.yaml", "flow: a\nstates:\n  bye: {end: }\n")]) {
    case .success: Issue.record("must be refused")
    case .failure(let faults): #expect(faults.faults.map(\.kind) == [.unknownFlow, .duplicate])
    }
  }

  @Test("All faults of a file come at once, in the order of its lines")
  func allAtOnce() {
    let found = faults(
      in: """
        titel: Hm
        states:
          a: {say: "Hi {nane}", next: b}
          a: {say: Twice, next: bye}
          c:
            listen: ""
            intents: {x: {hear: "/(/", next: bye}}
          bye: {end: , say: [1, {x: y}]}
        """)
    #expect(found.map(\.line) == [1, 3, 3, 4, 6, 7, 8])
    #expect(
      found.map(\.kind) == [
        .unknownKey, .unknownVariable, .unknownState, .duplicate, .emptyText, .badExpression, .wrongType,
      ])
    #expect(
      found[1].description
        == "menu.yaml:3:12: nothing gives `nane` a value; declare it in `variables`, or let a state collect, set or save it"
    )
  }

  @Test("Files that would grow or nest without end are refused quickly")
  func bombs() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<40 {
      bomb += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
    }
    bomb += "? *a39\n: x\nstates:\n  bye: {end: }\n"
    #expect(faults(in: bomb).map(\.kind) == [.alias])
    #expect(faults(in: "states:\n  bye: {end: , say: \"Fish &chips * 3\"}\n").isEmpty)
    for open in ["[", "{a: ", "- "] {
      let found = faults(in: String(repeating: open, count: 50_000))
      #expect(found.map(\.kind) == [.brokenYAML], "\(found.map(\.description))")
    }
    let nested =
      "x: " + String(repeating: "[", count: 900) + String(repeating: "]", count: 900) + "\nstates:\n  bye: {end: }\n"
    #expect(faults(in: nested).map(\.kind) == [.brokenYAML])
    let shallow = nested.replacing(String(repeating: "[", count: 900), with: String(repeating: "[", count: 40))
      .replacing(String(repeating: "]", count: 900), with: String(repeating: "]", count: 40))
    #expect(faults(in: shallow).map(\.kind) == [.unknownKey])
  }
}
