import CallCore
import Formats
import Testing

@Suite("Flow reader: files that are wrong")
struct FlowFaultTests {
  private static let bye = "\n  bye: {end: }\n"

  static let ofFiles: [FileFaultCase] = [
    .init(.brokenYAML, line: 3, says: "must be in quotes", "states:\n  bye:\n    say: Note: this\n    end: x\n"),
    .init(.brokenYAML, line: 3, says: "not YAML", "states:\n  bye:\n    say: \"open\n"),
    .init(.brokenYAML, line: 2, says: "tab", "states:\n\tbye: {end: }\n"),
    .init(.alias, line: 2, says: "anchors and aliases", "variables:\n  a: &x [1]\n  b: *x\nstates:\n  bye: {end: }\n"),
    .init(.missingKey, line: 1, says: "empty", "# nothing\n"),
    .init(.missingKey, line: 1, says: "no `states`", "title: Hm\n"),
    .init(.wrongType, line: 1, says: "must be a mapping", "- one\n- two\n"),
    .init(.wrongType, line: 1, says: "`states` must be", "states: []\n"),
    .init(.unknownKey, line: 1, says: "did you mean `title`", "titel: Hm\nstates:\(bye)"),
    .init(.unknownKey, line: 2, says: "known there: flow, title", "\nzebra: Hm\nstates:\(bye)"),
    .init(.badName, line: 1, says: "name of a flow", "flow: My Flow\nstates:\(bye)"),
    .init(
      .badName, line: 3, says: "name of a state", "states:\(bye)  two words: {end: }\n".replacing("\n\n", with: "\n")),
    .init(.badName, line: 2, says: "given its value by VoiceForge", "variables:\n  reference: 1\nstates:\(bye)"),
    .init(.badName, line: 2, says: "name of a variable", "variables:\n  1a: 1\nstates:\(bye)"),
    .init(.duplicate, line: 3, says: "`bye` is there twice", "states:\(bye)  bye: {end: x}\n"),
    .init(.duplicate, line: 4, says: "`say` is there twice", "states:\n  bye:\n    say: A\n    say: B\n    end:\n"),
    .init(.unknownState, line: 1, says: "no state `by`; did you mean `bye`", "start: by\nstates:\(bye)"),
    .init(
      .outOfLimits, line: 1, says: "`end-of-turn-silence`",
      "end-of-turn-silence: 1m\nstates:\(bye)".replacing("1m", with: "9s")),
    .init(.wrongType, line: 1, says: "3s or 800ms", "end-of-turn-silence: 1m\nstates:\(bye)"),
    .init(.unreachable, line: 2, says: "intent `tea`", "intents:\n  tea: [tea]\nstates:\(bye)"),
    .init(.emptyText, line: 1, says: "`title` of the file is empty", "title: \"\"\nstates:\(bye)"),
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
    .init(.unknownKind, line: 2, says: "did you mean `say`", "states:\n  a: {sya: Hi, next: bye}\(bye)"),
    .init(.unknownKind, line: 2, says: "does nothing", "states:\n  a: hello\(bye)"),
    .init(.unknownKind, line: 2, says: "`listen` and `decide`", "states:\n  a: {listen: Hm?, decide: x}\(bye)"),
    .init(
      .unknownKey, line: 4, says: "did you mean `next`", "states:\n  a:\n    say: Hi\n    nxt: bye\n    next: bye\(bye)"
    ),
    .init(.deadEnd, line: 3, says: "has no `next`", "states:\n  a:\n    say: Hi\n  bye: {end: }\nstart: a\n"),
    .init(.wrongType, line: 2, says: "must be a text, not a mapping", "states:\n  a: {say: {x: y}, next: bye}\(bye)"),
    .init(.emptyText, line: 2, says: "`say` of state `a` is empty", "states:\n  a: {say: ' ', next: bye}\(bye)"),
    .init(.emptyText, line: 2, says: "empty list", "states:\n  a: {say: [], next: bye}\(bye)"),
    .init(
      .unknownVariable, line: 4, says: "did you mean `name`",
      "variables: {name: x}\nstates:\n  a:\n    say: Hi {nane}\n    next: bye\(bye)"),
    .init(.unknownVariable, line: 2, says: "declare it", "states:\n  a: {say: 'Hi {prompt}', next: bye}\(bye)"),
    .init(
      .unknownFilter, line: 2, says: "did you mean `digits`",
      "states:\n  a: {say: 'Hi {today | digit}', next: bye}\(bye)"),
    .init(.strayBrace, line: 2, says: "brace", "states:\n  a: {say: 'Hi {to day}', next: bye}\(bye)"),
    .init(.wrongType, line: 2, says: "true or false", "states:\n  a: {say: Hi, interruptible: maybe, next: bye}\(bye)"),
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
    .init(.deadEnd, line: 2, says: "has no `intents`", "states:\n  a: {listen: Hm?, else: bye}\(bye)"),
    .init(
      .deadEnd, line: 4, says: "has no `next`",
      "states:\n  a:\n    listen: Hm?\n    intents: {b: {hear: b}}\n    else: bye\(bye)"),
    .init(
      .unknownIntent, line: 2, says: "did you mean `tea`",
      "states:\n  a: {listen: Hm?, intents: {tee: bye, tea: bye}}\(bye)intents: {tea: tea}\n"),
    .init(.missingKey, line: 2, says: "no `hear`", "states:\n  a: {listen: Hm?, intents: {tea: {next: bye}}}\(bye)"),
    .init(
      .badExpression, line: 2, says: "not a regular expression",
      "states:\n  a: {listen: Hm?, intents: {tea: {hear: '/(tea/', next: bye}}}\(bye)"),
    .init(
      .badExpression, line: 2, says: "`/(?=t)tea/` of `hear` of intent `tea` of state `a` has look-ahead `(?=`",
      "states:\n  a: {listen: Hm?, intents: {tea: {hear: '/(?=t)tea/', next: bye}}}\(bye)"),
    .init(
      .outOfLimits, line: 2, says: "more than 1000 expressions",
      "states:\n  a: {listen: Hm?, intents: {\((0..<11).map { i in "t\(i): {hear: [\((0..<100).map { "/x\(i)y\($0)/" }.joined(separator: ", "))], next: bye}" }.joined(separator: ", "))}}\(bye)"
    ),
    .init(
      .badExpression, line: 3, says: "has the back-reference `\\1`",
      "states:\n  a:\n    decide: [{if: b, matches: '(.)\\1', next: bye}]\n    else: bye\(bye)variables: {b: ''}\n"),
    .init(
      .emptyText, line: 2, says: "no word in it",
      "states:\n  a: {listen: Hm?, intents: {tea: {hear: '...', next: bye}}}\(bye)"),
    .init(
      .duplicate, line: 5, says: "key 1 means both `b` and `c`",
      "states:\n  a:\n    listen: Hm?\n    intents: {b: {keys: 1, next: bye},\n      c: {keys: 1, next: bye}}\(bye)"),
    .init(
      .duplicate, line: 6, says: "`b` is there twice",
      "states:\n  a:\n    listen: Hm?\n    intents:\n      b: {hear: b, next: bye}\n      b: {hear: c, next: bye}\(bye)"
    ),
    .init(
      .wrongType, line: 2, says: "0…9 and *", "states:\n  a: {listen: Hm?, intents: {b: {keys: one, next: bye}}}\(bye)"),
    .init(
      .wrongType, line: 2, says: "both `next` and `repeat`",
      "states:\n  a: {listen: Hm?, intents: {b: {hear: b, next: bye, repeat: true}}}\(bye)"),
    .init(
      .outOfLimits, line: 2, says: "0 to 10",
      "states:\n  a: {listen: Hm?, intents: {b: {hear: b, next: bye}}, no-input: {times: 11}}\(bye)"),
    .init(
      .wrongType, line: 2, says: "whole number",
      "states:\n  a: {listen: Hm?, intents: {b: {hear: b, next: bye}}, no-input: {times: two}}\(bye)"),
    .init(
      .unknownState, line: 2, says: "no state `nowhere`",
      "states:\n  a: {listen: Hm?, intents: {b: {hear: b, next: bye}}, no-match: {next: nowhere}}\(bye)"),
    .init(.unknownState, line: 1, says: "no state `desk`", "everywhere: {b: {hear: b, next: desk}}\nstates:\(bye)"),
    .init(.missingKey, line: 2, says: "no `as`", "states:\n  a: {collect: x, ask: Hm?, next: bye}\(bye)"),
    .init(.missingKey, line: 2, says: "no `ask`", "states:\n  a: {collect: x, as: date, next: bye}\(bye)"),
    .init(
      .missingKey, line: 2, says: "no `length`", "states:\n  a: {collect: x, as: digits, ask: Hm?, next: bye}\(bye)"),
    .init(
      .missingKey, line: 2, says: "no `choices`", "states:\n  a: {collect: x, as: choice, ask: Hm?, next: bye}\(bye)"),
    .init(
      .wrongType, line: 2, says: "did you mean `digits`",
      "states:\n  a: {collect: x, as: digit, ask: Hm?, next: bye}\(bye)"),
    .init(
      .wrongType, line: 2, says: "range such as 4-8",
      "states:\n  a: {collect: x, as: digits, length: some, ask: Hm?, next: bye}\(bye)"),
    .init(
      .outOfLimits, line: 2, says: "1 to 40 digits",
      "states:\n  a: {collect: x, as: digits, length: 41, ask: Hm?, next: bye}\(bye)"),
    .init(
      .unknownKey, line: 2, says: "belongs to `as: digits`",
      "states:\n  a: {collect: x, as: date, length: 4, ask: Hm?, next: bye}\(bye)"),
    .init(
      .badName, line: 2, says: "given its value by VoiceForge",
      "states:\n  a: {collect: heard, as: date, ask: Hm?, next: bye}\(bye)"),
  ]

  static let ofDecisionsAndTools: [FileFaultCase] = [
    .init(.deadEnd, line: 2, says: "has no `else`", "states:\n  a: {decide: today, cases: {x: bye}}\(bye)"),
    .init(.missingKey, line: 2, says: "no `cases`", "states:\n  a: {decide: today, else: bye}\(bye)"),
    .init(
      .unknownVariable, line: 2, says: "nothing gives `x` a value",
      "states:\n  a: {decide: x, cases: {x: bye}, else: bye}\(bye)"),
    .init(
      .missingKey, line: 4, says: "exactly one test",
      "states:\n  a:\n    decide:\n      - {if: today, is: x, in: [y], next: bye}\n    else: bye\(bye)"),
    .init(
      .missingKey, line: 4, says: "no `if`",
      "states:\n  a:\n    decide:\n      - {is: x, next: bye}\n    else: bye\(bye)"),
    .init(
      .deadEnd, line: 4, says: "no `next`",
      "states:\n  a:\n    decide:\n      - {if: today, is: x}\n    else: bye\(bye)"),
    .init(
      .wrongType, line: 4, says: "must be a number",
      "states:\n  a:\n    decide:\n      - {if: today, above: ten, next: bye}\n    else: bye\(bye)"),
    .init(
      .badExpression, line: 4, says: "not a regular expression",
      "states:\n  a:\n    decide:\n      - {if: today, matches: '(', next: bye}\n    else: bye\(bye)"),
    .init(
      .unknownState, line: 2, says: "no state `y`", "states:\n  a: {decide: today, cases: {x: y}, else: bye}\(bye)"),
    .init(.wrongType, line: 2, says: "no method `FETCH`", "states:\n  a: {tool: FETCH http://x, next: bye}\(bye)"),
    .init(.wrongType, line: 2, says: "METHOD http", "states:\n  a: {tool: ftp://x, next: bye}\(bye)"),
    .init(
      .outOfLimits, line: 2, says: "100 ms to 30000 ms",
      "states:\n  a: {tool: 'http://x', timeout: 31s, next: bye}\(bye)"),
    .init(.outOfLimits, line: 2, says: "0 to 2", "states:\n  a: {tool: 'http://x', retries: 3, next: bye}\(bye)"),
    .init(.unknownVariable, line: 2, says: "`order`", "states:\n  a: {tool: 'http://x/{order}', next: bye}\(bye)"),
    .init(
      .badName, line: 2, says: "name of a header",
      "states:\n  a: {tool: 'http://x', headers: {'A b': c}, next: bye}\(bye)"),
    .init(
      .wrongType, line: 2, says: "`variable: path` lines",
      "states:\n  a: {tool: 'http://x', save: status, next: bye}\(bye)"),
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
      .unknownSlot, .unknownOutcome, .contradiction, .unusedColumn, .missingFile, .badJSON,  // of test cases only
    ]
    #expect(Set(cases.map(\.kind)).union(elsewhere) == Set(FileFaultKind.allCases))
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
