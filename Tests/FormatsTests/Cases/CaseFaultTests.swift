import CallCore
import Formats
import Testing

@Suite("Test case reader: files that are wrong")
struct CaseFaultTests {
  /// As many as a table may have.
  private static let rows = (0..<200).map { "{x: a\($0)}" }.joined(separator: ", ")

  static let ofFiles: [FileFaultCase] = [
    .init(.brokenYAML, line: 2, says: "must be in quotes", "flow: a\nturns: Note: this\n"),
    .init(.brokenYAML, line: 3, says: "put the whole text in quotes", "flow: a\nturns:\n  - say: I press # now\n"),
    .init(
      .brokenYAML, line: 4, says: "put the whole text in quotes",
      "flow: a\nturns:\n  - say: Hi.\n    expect: {exact: press # now\n      }\n"),
    .init(.alias, line: 1, says: "anchors and aliases", "flow: &x a\nturns: [Hello.]\n"),
    .init(.missingKey, line: 1, says: "a case needs at least", "# nothing\n"),
    .init(.wrongType, line: 1, says: "must be a mapping", "- one\n- two\n"),
    .init(.outOfLimits, line: 1, says: "bytes", "# \(String(repeating: "a", count: CaseLimits.fileBytesMax))\n"),
    .init(.missingKey, line: 1, says: "no `cases`", "defaults: {flow: a}\n"),
    .init(.wrongType, line: 1, says: "`cases` must be a list", "cases: {}\n"),
    .init(
      .unknownKey, line: 2, says: "known there: defaults, cases", "cases: [{id: a, flow: a, turns: [Hi.]}]\nturns: []\n"
    ),
    .init(
      .unknownKey, line: 1, says: "`defaults`; did you mean `caller`",
      "defaults: {callr: {}, flow: a}\ncases: [{id: a, turns: [Hi.]}, {id: b, turns: [Hi.]}]\n"),
    .init(.missingKey, line: 1, says: "no `id`", "cases: [{flow: a, turns: [Hi.]}]\n"),
    .init(
      .duplicate, line: 3, says: "case `a` is in line 2 too",
      "cases:\n  - {id: a, flow: a, turns: [Hi.]}\n  - {id: a, flow: a, turns: [Hi.]}\n"),
    .init(.missingKey, line: 1, says: "no `flow`", "turns: [Hello.]\n"),
    .init(.missingKey, line: 1, says: "no `turns`", "flow: a\n"),
    .init(.wrongType, line: 2, says: "`turns` must be a list", "flow: a\nturns: []\n"),
    .init(
      .outOfLimits, line: 2, says: "101 turns",
      "flow: a\nturns: [\(Array(repeating: "Hi.", count: 101).joined(separator: ", "))]\n"),
    .init(
      .outOfLimits, line: 8, says: "1200 cases",
      "defaults: {flow: a, turns: ['{x}']}\ncases:\n"
        + (0..<6).map { "  - {id: c\($0), parameters: [\(rows)]}\n" }.joined()),
  ]

  static let ofCases: [FileFaultCase] = [
    .init(.unknownKey, says: "did you mean `expect`", after: "expct: {state: day}"),
    .init(.badName, says: "id of a case", after: "id: two words"),
    .init(.outOfLimits, says: "at most 100", after: "id: \(String(repeating: "a", count: 101))"),
    .init(.duplicate, line: 1, says: "by `flow` and in `agent`", after: "agent: {flow: b}"),
    .init(.wrongType, says: "did you mean `deaf`", after: "agent: {fault: deef}"),
    .init(.unknownKey, says: "means nothing in `agent`", after: "agent: {vioce: heart}"),
    .init(.badName, says: "cannot be a tag", after: "tags: [a, b c]"),
    .init(.wrongType, says: "`seed` of the case must be a whole number", after: "seed: seven"),
    .init(.outOfLimits, says: "`max-duration`", after: "max-duration: 601s"),
    .init(.wrongType, says: "3s or 800ms", after: "max-duration: 9e99s"),
    .init(.outOfLimits, says: "50 to 200", after: "caller: {rate: 20}"),
    .init(.wrongType, says: "whole number such as 5", after: "caller: {pitch: high}"),
    .init(.outOfLimits, says: "`patience`", after: "caller: {patience: 100ms}"),
    .init(.missingKey, says: "needs a `goal`", after: "caller: {facts: {name: Ada}}"),
    .init(.contradiction, says: "finds its own words", after: "caller: {goal: A table.}"),
    .init(.contradiction, says: "a caller with turns has no goal", after: "expect: {goal: reached}"),
    .init(.outOfLimits, says: "0 to 100", after: "disfluency: {fillers: 101}"),
    .init(.contradiction, says: "the smaller one comes first", after: "disfluency: {pause-min: 500ms}"),
    .init(.wrongType, says: "did you mean `pink`", after: "world: {noise: {sort: pnk, snr: 10}}"),
    .init(.missingKey, says: "no `snr`", after: "world: {noise: {sort: pink}}"),
    .init(.missingKey, says: "no `file`", after: "world: {noise: {sort: recording, snr: 3}}"),
    .init(.missingFile, says: "calls/no.wav", after: "world: {noise: {sort: recording, file: no.wav, snr: 3}}"),
    .init(
      .unknownKey, says: "belongs to `sort: recording`", after: "world: {noise: {sort: pink, file: yes.wav, snr: 3}}"),
    .init(.outOfLimits, says: "-10 to 60", after: "world: {noise: {sort: pink, snr: 61}}"),
    .init(.outOfLimits, says: "-60 to -6", after: "world: {echo: {level: -3}}"),
    .init(.missingKey, says: "no `level`", after: "world: {echo: {delay: 80ms}}"),
    .init(.wrongType, says: "true or false", after: "world: {telephone: maybe}"),
    .init(.wrongType, says: "did you mean `opus`", after: "world: {codec: ops}"),
    .init(.wrongType, says: "5% or 0.5%", after: "world: {network: {loss: some}}"),
    .init(.outOfLimits, says: "0% to 50%", after: "world: {network: {loss: 51%}}"),
    .init(.contradiction, says: "no packet is lost", after: "world: {network: {burst: 3}}"),
    .init(.outOfLimits, says: "1 to 20", after: "world: {network: {loss: 1%, burst: 21}}"),
    .init(
      .outOfLimits, says: "begins with turn 2, but the case has 1 turn",
      after: "world: {engine-trouble: {engine: synthesis, from-turn: 2, fails: true}}"),
    .init(
      .contradiction, says: "both `fails: true` and",
      after: "world: {engine-trouble: {engine: synthesis, fails: true, slow-by: 1s}}"),
    .init(.contradiction, says: "neither `fails: true` nor", after: "world: {engine-trouble: {engine: synthesis}}"),
    .init(.missingKey, says: "recognition or synthesis", after: "world: {engine-trouble: {fails: true}}"),
    .init(.wrongType, says: "did you mean `reply`", after: "must-fail: repl"),
    .init(.contradiction, says: "nothing in the case is checked for `yield`", after: "must-fail: yield"),
    .init(.contradiction, says: "checked for `own-words`", after: "must-fail: own-words"),
  ]

  static let ofTables: [FileFaultCase] = [
    .init(.wrongType, says: "list of rows", after: "parameters: {day: x}"),
    .init(
      .unknownVariable, line: 2, says: "did you mean `day`", "flow: a\nturns: ['{dya} {day}']\nparameters: [{day: x}]\n"
    ),
    .init(.unknownVariable, line: 2, says: "add it to the rows", "flow: a\nturns: ['On {day}.']\n"),
    .init(
      .unusedColumn, line: 4, says: "column `hour`", "flow: a\nturns: ['{day}']\nparameters:\n  - {day: x, hour: y}\n"),
    .init(
      .missingKey, line: 5, says: "row 2 of `parameters` has no `day`",
      "flow: a\nturns: ['{day}']\nparameters:\n  - {day: x}\n  - {}\n"),
    .init(
      .unknownKey, line: 5, says: "row 2", "flow: a\nturns: ['{day}']\nparameters:\n  - {day: x}\n  - {day: x, dy: y}\n"
    ),
    .init(
      .wrongType, line: 5, says: "row 2 of `parameters` must be",
      "flow: a\nturns: ['{day}']\nparameters:\n  - {day: x}\n  - x\n"),
    .init(.badName, line: 4, says: "name of a column", "flow: a\nturns: ['{day}']\nparameters:\n  - {day: x, 1a: y}\n"),
    .init(
      .outOfLimits, line: 3, says: "201 rows",
      "flow: a\nturns: ['{x}']\nparameters: [\((0..<201).map { "{x: a\($0)}" }.joined(separator: ", "))]\n"),
    .init(
      .duplicate, line: 1, says: "case `menu/x`",
      "flow: a\nturns: ['{day}']\nparameters: [{name: x, day: a}, {name: x, day: b}]\n"),
  ]

  static let ofTurns: [FileFaultCase] = [
    .init(.unknownKind, says: "does nothing in turn 1", turns: "{at: 1s}"),
    .init(.unknownKind, says: "`say` and `press`", turns: "{say: Hi., press: '1'}"),
    .init(.unknownKey, line: 4, says: "turn 2; did you mean `say`", turns: "Hi.", "{sya: Hi., press: '1'}"),
    .init(.unknownKey, says: "belongs to `play`", turns: "{say: Hi., text: Hi.}"),
    .init(.emptyText, says: "no word in it", turns: "{say: '[pause 1s]'}"),
    .init(.wrongType, says: "[pause 600ms]", turns: "{say: 'My [paus 1s] name'}"),
    .init(.wrongType, says: "[pause 600ms]", turns: "{say: 'My [pause 1s name'}"),
    .init(.outOfLimits, says: "20 ms to 10000 ms", turns: "{say: 'My [pause 11s] name'}"),
    .init(.outOfLimits, says: "501 characters", turns: "{say: \(String(repeating: "a", count: 501))}"),
    .init(.missingFile, says: "there is no recording calls/no.wav", turns: "{play: no.wav}"),
    .init(.wrongType, says: "1 to 32 of 0…9", turns: "{press: four}"),
    .init(.wrongType, says: "can only be true", turns: "{silent: false}"),
    .init(.wrongType, says: "true or false", turns: "{hang-up: 1}"),
    .init(.missingKey, says: "turn 1 has no `at`", turns: "{backchannel: uh-huh}"),
    .init(.contradiction, says: "is silent", turns: "{silent: true, at: 1s}"),
    .init(.contradiction, says: "a turn begins once", turns: "{say: Hi., at: 1s, at-phrase: hello}"),
    .init(.outOfLimits, says: "`at` of turn 1", turns: "{say: Hi., at: 61s}"),
    .init(.emptyText, says: "`at-phrase` of turn 1", turns: "{say: Hi., at-phrase: '…'}"),
    .init(.contradiction, says: "`again-when` of turn 1 is for", turns: "{silent: true, again-when: sorry}"),
    .init(.emptyText, says: "in `again-when` of turn 1", turns: "{say: Hi., again-when: ['…', sorry]}"),
    .init(.wrongType, says: "turn 1 must be a mapping", turns: "[Hi.]"),
    .init(.contradiction, line: 4, says: "hangs up in turn 1", turns: "{hang-up: true}", "Hi."),
    .init(.contradiction, says: "nothing can be expected after it", turns: "{hang-up: true, expect: {state: a}}"),
    .init(.contradiction, says: "must not be answered", turns: "{backchannel: hm, at: 1s, expect: {keywords: a}}"),
    .init(.contradiction, says: "does not interrupt", turns: "{say: Hi., expect: {yield: 1s}}"),
    .init(.contradiction, says: "does not interrupt", turns: "{backchannel: hm, at: 1s, expect: {yield: 1s}}"),
    .init(.contradiction, says: "no known words", turns: "{press: '1', expect: {understood: 5}}"),
    .init(.contradiction, says: "no end of speech", turns: "{silent: true, expect: {latency: 1s}}"),
  ]

  static let ofExpectations: [FileFaultCase] = [
    .init(.unknownKey, says: "`expect`; did you mean `keywords`", turns: "{say: Hi., expect: {keyword: a}}"),
    .init(.unknownKey, says: "means nothing in `expect`", turns: "{say: Hi., expect: {outcome: a}}"),
    .init(.unknownKey, says: "means nothing in `never`", turns: "{say: Hi., never: {latency: 1s}}"),
    .init(.emptyText, says: "no word that can be heard", turns: "{say: Hi., expect: {keywords: ['?']}}"),
    .init(
      .outOfLimits, says: "21 entries",
      turns: "{say: Hi., expect: {keywords: [\((0..<21).map { "a\($0)" }.joined(separator: ", "))]}}"),
    .init(.badExpression, says: "not a regular expression", turns: "{say: Hi., expect: {regex: '(a'}}"),
    .init(.badExpression, says: "has look-ahead `(?!`", turns: "{say: Hi., expect: {regex: /(?!a)b/}}"),
    .init(.outOfLimits, says: "1 to 100", turns: "{say: Hi., expect: {similar: {to: Hi., percent: 101}}}"),
    .init(.emptyText, says: "no word that means", turns: "{say: Hi., expect: {similar-in-meaning: '42'}}"),
    .init(
      .contradiction, says: "expected to mean `Good day` and must not",
      turns: "{say: Hi., expect: {similar-in-meaning: Good day}, never: {similar-in-meaning: [Bye, good day!]}}"),
    .init(.missingKey, says: "no `to`", turns: "{say: Hi., expect: {similar: {percent: 50}}}"),
    .init(.wrongType, says: "`slot: value` lines", turns: "{say: Hi., expect: {slots: [day]}}"),
    .init(.emptyText, says: "is an empty list", turns: "{say: Hi., expect: {tools: []}}"),
    .init(.emptyText, says: "`tools` of `expect` is empty", turns: "{say: Hi., expect: {tools: ''}}"),
    .init(.wrongType, says: "must be a text, not a list", turns: "{say: Hi., expect: {tools: [[a]]}}"),
    .init(.missingKey, says: "has no `name`", turns: "{say: Hi., expect: {tools: {arguments: {a: b}}}}"),
    .init(.unknownKey, says: "did you mean `arguments`", turns: "{say: Hi., expect: {tools: {name: a, argument: {}}}}"),
    .init(.wrongType, says: "`name: value` lines", turns: "{say: Hi., expect: {tools: {name: a, arguments: [b]}}}"),
    .init(
      .outOfLimits, says: "more than 4 levels",
      turns: "{say: Hi., expect: {tools: {name: a, arguments: {b: [[[[c]]]]}}}}"),
    .init(
      .outOfLimits, says: "21 entries",
      turns:
        "{say: Hi., expect: {tools: {name: a, arguments: {b: [\(Array(repeating: "c", count: 21).joined(separator: ", "))]}}}}"
    ),
    .init(
      .outOfLimits, says: "501 characters",
      turns: "{say: Hi., expect: {tools: {name: a, arguments: {b: \(String(repeating: "c", count: 501))}}}}"),
    .init(
      .outOfLimits, says: "21 calls",
      turns: "{say: Hi., expect: {tools: [\((0..<21).map { "a\($0)" }.joined(separator: ", "))]}}"),
    .init(
      .contradiction, says: "a call of `a(b: c, d: e)` is expected",
      turns:
        "{say: Hi., expect: {tools: {name: a, arguments: {b: c, d: e}}}, never: {tools: {name: a, arguments: {b: c}}}}"
    ),
    .init(.outOfLimits, says: "`latency` of `expect`", turns: "{say: Hi., expect: {latency: 61s}}"),
    .init(.wrongType, says: "did you mean `completed`", after: "expect: {ended: completd}"),
    .init(
      .contradiction, says: "the keyword `opening hours` is expected",
      turns: "{say: Hi., expect: {keywords: [opening hours], excludes: Hours}}"),
    .init(
      .contradiction, says: "the keyword `day` is expected",
      turns: "{say: Hi., expect: {keywords: [day]}, never: {keywords: [day]}}"),
    .init(
      .contradiction, says: "`any-of` cannot be met",
      turns: "{say: Hi., expect: {any-of: [a day, the day], excludes: [day]}}"),
    .init(
      .contradiction, says: "does not contain the keyword `night`",
      turns: "{say: Hi., expect: {exact: Which day?, keywords: [night]}}"),
    .init(
      .contradiction, says: "`exact` contains `day`", turns: "{say: Hi., expect: {exact: Which day?, excludes: [day]}}"),
    .init(
      .contradiction, says: "nothing of `any-of`", turns: "{say: Hi., expect: {exact: Which day?, any-of: [a, b]}}"),
    .init(
      .contradiction, says: "does not match /night/", turns: "{say: Hi., expect: {exact: Which day?, regex: night}}"),
    .init(.contradiction, says: "matches /day/", turns: "{say: Hi., expect: {exact: Which day?}, never: {regex: day}}"),
    .init(
      .contradiction, says: "not similar", turns: "{say: Hi., expect: {exact: Which day?, similar: Tell me your name.}}"
    ),
    .init(
      .contradiction, says: "is expected to be `Which day?` and must not be",
      turns: "{say: Hi., expect: {exact: Which day?}, never: {exact: which day}}"),
    .init(
      .contradiction, says: "state `day` is expected",
      turns: "{say: Hi., expect: {state: day}, never: {state: [time, day]}}"),
    .init(.contradiction, says: "slot `day`", turns: "{say: Hi., expect: {slots: {day: x}}, never: {slots: {day: x}}}"),
    .init(
      .contradiction, says: "outcome `booked` is expected", after: "expect: {outcome: booked}\nnever: {outcome: booked}"
    ),
    .init(.contradiction, says: "the end `refused`", after: "expect: {ended: refused}\nnever: {ended: refused}"),
    .init(.contradiction, says: "a call ends once", after: "expect: {ended: [completed, refused]}"),
    .init(.contradiction, says: "one outcome", after: "expect: {outcome: [a, b]}"),
    .init(.contradiction, says: "no turn interrupts", after: "expect: {yield: 1s}"),
    .init(.unknownKey, says: "`judged` means nothing in `expect`", turns: "{say: Hi., expect: {judged: is polite}}"),
    .init(.emptyText, says: "is an empty list", after: "expect: {judged: []}"),
    .init(.wrongType, says: "must be a text, not a mapping", after: "expect: {judged: [{is: polite}]}"),
    .init(.outOfLimits, says: "at most 200", after: "never: {judged: \(String(repeating: "a", count: 201))}"),
    .init(
      .outOfLimits, says: "21 entries",
      after: "expect: {judged: [\((0..<21).map { "a\($0)" }.joined(separator: ", "))]}"),
    .init(
      .contradiction, says: "judged true and must not", after: "expect: {judged: is polite}\nnever: {judged: Is polite}"
    ),
    .init(
      .contradiction, line: 3, says: "no turn says known words",
      "flow: a\nturns: [{press: '1'}]\nexpect: {understood: 5}\n"),
    .init(
      .contradiction, line: 3, says: "can only be `caller-hung-up`",
      "flow: a\nturns: [{hang-up: true}]\nexpect: {ended: completed}\n"),
    .init(
      .contradiction, line: 2, says: "state `day` is expected",
      "flow: a\nturns: [{say: Hi., expect: {state: day}}]\nnever: {state: day}\n"),
    .init(
      .contradiction, line: 2, says: "the keyword `day`",
      "flow: a\nturns: [{say: Hi., expect: {keywords: day}}]\nexpect: {excludes: day}\n"),
  ]

  @Test(
    "Each fault is found in its line, alone, and says what to do",
    arguments: ofFiles + ofCases + ofTables + ofTurns + ofExpectations)
  func found(_ wrong: FileFaultCase) {
    let found = caseFaults(in: wrong.text)
    #expect(found.map(\.kind) == [wrong.kind], "\(found.map(\.description))")
    #expect(found.map(\.line) == [wrong.line], "\(found.map(\.description))")
    #expect(found.first?.message.contains(wrong.says) == true, "\(found.map(\.description))")
  }

  @Test(
    "What a case names must be in the flow, or in one that it transfers to",
    arguments: [
      (FileFaultKind.unknownFlow, 1, "did you mean `support-triage`", "flow: suport-triage\nturns: [Hi.]\n"),
      (.unknownFlow, 2, "there are: appointment, order-status", "turns: [Hi.]\nflow: zebra\n"),
      (
        .unknownState, 3, "did you mean `cancelled`",
        "flow: support-triage\nturns:\n  - {say: Hi., expect: {state: canceled}}\n"
      ),
      (
        .unknownState, 4, "did you mean `look-up`",
        "flow: order-status\nturns: [Hi.]\nexpect:\n  tools: [look-up, lookup]\n"
      ),
      (
        .unknownState, 3, "no state `day` that calls a tool; there is none",
        "flow: appointment\nturns: [Hi.]\nnever: {tools: day}\n"
      ),
      (
        .contradiction, 3, "write `tools: look-up`",
        "flow: order-status\nturns: [Hi.]\nexpect: {tools: {name: look-up, arguments: {order: 1}}}\n"
      ),
      (.unknownState, 3, "has no state `menu`", "flow: order-status\nturns: [Hi.]\nnever: {state: menu}\n"),
      (.unknownSlot, 4, "did you mean `day`", "flow: support-triage\nturns: [Hi.]\nexpect:\n  slots: {dya: x}\n"),
      (
        .unknownOutcome, 3, "never ends with `ticket`",
        "flow: support-triage\nturns: [Hi.]\nexpect: {outcome: ticket}\n"
      ),
    ])
  func unknownNames(kind: FileFaultKind, line: Int, says: String, text: String) throws {
    let flows = try SampleFlows.library()
    #expect(caseFaults(in: text).isEmpty)
    let found = caseFaults(in: text, flows: flows)
    #expect(found.map(\.kind) == [kind] && found.map(\.line) == [line], "\(found.map(\.description))")
    #expect(found.first?.message.contains(says) == true, "\(found.map(\.description))")
    let cases = try readCases(text).get()
    let later = cases.flatMap { TestCaseFileReader.faults(of: $0, against: flows) }
    #expect(later.map(\.message) == found.map(\.message))
  }

  @Test("Outcomes with variables fit, and so do those of the flow that is transferred to")
  func outcomes() throws {
    for outcome in ["billing-ticket", "booked", "+15550100", "nothing-done"] {
      let text = "flow: support-triage\nturns: [Hi.]\nexpect: {outcome: '\(outcome)'}\n"
      #expect(caseFaults(in: text, flows: try SampleFlows.library()).isEmpty, "\(outcome)")
    }
  }

  @Test("All faults of a file come at once, each once, however many cases share it")
  func allAtOnce() {
    let found = caseFaults(
      in: """
        defaults:
          flow: appointment
          world: {noise: {sort: loud, snr: 10}}
        cases:
          - id: a
            turns: [Hi., {say: "", expect: {regex: "("}}]
          - {id: b, turns: [Hi.], expct: {}}
          - {id: a, turns: [Hi.]}
        """)
    #expect(found.map(\.line) == [3, 6, 6, 7, 8])
    #expect(found.map(\.kind) == [.wrongType, .emptyText, .badExpression, .unknownKey, .duplicate])
    #expect(
      found.first?.description
        == "calls/menu.yaml:3:25: `sort` of `noise` cannot be `loud`; one of white, pink, babble, recording")
  }

  @Test("An id stands once in all files, and all files together have a limit")
  func severalFiles() {
    let one = "flow: a\nid: x\nturns: [Hi.]\n"
    let many =
      "cases:\n"
      + (0..<5).map { "  - {id: c\($0), flow: a, turns: ['{x}'], parameters: [\(CaseFaultTests.rows)]}\n" }.joined()
    guard
      case .failure(let twice) = TestCaseFileReader.readAll(
        [("a.yaml", one), ("b.yaml", one)], recordingExists: { _ in true })
    else { return #expect(Bool(false), "must be refused") }
    #expect(twice.description == "b.yaml:2:1: case `x` is in a.yaml too: give it another `id`")
    guard
      case .failure(let full) = TestCaseFileReader.readAll(
        [("m.yaml", many), ("a.yaml", one)], recordingExists: { _ in true })
    else { return #expect(Bool(false), "must be refused") }
    #expect(full.faults.map(\.file) == ["a.yaml"] && full.faults.map(\.kind) == [.outOfLimits])
    #expect((try? TestCaseFileReader.readAll([("m.yaml", many)], recordingExists: { _ in true }).get())?.count == 1000)
  }

  @Test("Every kind of fault that a file of test cases can have has a case here")
  func complete() {
    let tables =
      CaseFaultTests.ofFiles + CaseFaultTests.ofCases + CaseFaultTests.ofTables + CaseFaultTests.ofTurns
      + CaseFaultTests.ofExpectations
    let elsewhere: Set<FileFaultKind> = [
      .unknownFlow, .unknownState, .unknownSlot, .unknownOutcome,  // `unknownNames` above
      .badJSON,  // `TestCaseDocumentTests`
      .unknownCaller,  // `CallerLibraryTests`
    ]
    let ofFlowsOnly: Set<FileFaultKind> = [
      .unknownIntent, .unknownFilter, .strayBrace, .badMarkup, .unreachable, .deadEnd, .endlessLoop, .notInstalled,
    ]
    #expect(Set(tables.map(\.kind)).union(elsewhere).union(ofFlowsOnly) == Set(FileFaultKind.allCases))
  }
}
