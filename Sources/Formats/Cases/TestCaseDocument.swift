public import CallCore
public import JSON

extension JSONObject {
  /// A case in the JSON of the predecessor *Voice Framework*, as `GET /testcases` shows it:
  /// `{test_id, persona, turns: [{step_order, user_input, expected_agent_response_keywords, exact_match_required}]}`.
  ///
  /// What that shape has no place for (cues, worlds, other expectations) is not written.
  package static func testCase(_ testCase: TestCase) -> JSONObject {
    JSONObject { writer in
      writer.field("test_id", testCase.id)
      writer.field("persona", testCase.caller.persona)
      writer.objects("turns", testCase.turns) { writer, turn in
        writer.field("step_order", turn.number)
        writer.field("user_input", turn.action.userInput)
        writer.list("expected_agent_response_keywords", turn.keywords)
        writer.field("exact_match_required", turn.requiresExactMatch)
      }
    }
  }
}

extension TestTurn {
  /// All keywords that are expected of the reply.
  public var keywords: [String] {
    expectations.flatMap { expectation -> [String] in
      guard !expectation.isAbsent, case .keywords(let keywords) = expectation.check else { return [] }
      return keywords
    }
  }

  /// Whether the keywords must be found as whole words.
  public var requiresExactMatch: Bool {
    !expectations.contains { $0.check.kind == .keywords && !$0.isAbsent && $0.allowsPartsOfWords }
  }
}

/// The JSON of the predecessor's test cases.
public enum TestCaseDocument {
  /// Reads the predecessor's cases: an array of them, or one.
  ///
  /// `step_order` counts from 1 without a gap. Keywords are not empty; with `exact_match_required` each must stand in the reply
  /// as whole words, without it each may also be part of longer words. A member `flow`, which the predecessor does not have,
  /// names the flow that is called.
  /// - Parameters:
  ///   - bytes: UTF-8, at most `CaseLimits.fileBytesMax`.
  ///   - flow: for cases that name none; `nil`: they must.
  /// - Throws: a fault that names the place in the JSON, such as `testcases[0].turns[2].step_order`.
  public static func read(_ bytes: [UInt8], flow: String?) throws(WireFault) -> [TestCase] {
    guard bytes.count <= CaseLimits.fileBytesMax else {
      throw WireFault(.messageTooLarge, "expected at most \(CaseLimits.fileBytesMax) bytes, got \(bytes.count)")
    }
    let value: JSONValue
    do throws(JSONFault) {
      value = try JSONValue(parsing: bytes, nestingMax: WireLimits.nestingMax)
    } catch {
      throw WireFault(error.kind == .tooDeep ? .tooDeep : .malformedJSON, "not JSON: \(error)")
    }
    guard case .array(let elements) = value else {
      return [try testCase(try JSONFields(value, place: "testcase"), flow: flow)]
    }
    guard elements.count <= CaseLimits.casesMax else {
      throw WireFault(.tooLong, "testcases: expected at most \(CaseLimits.casesMax) cases, got \(elements.count)")
    }
    var cases: [TestCase] = []
    for (index, element) in elements.enumerated() {
      cases.append(try testCase(try JSONFields(element, place: "testcases[\(index)]"), flow: flow))
    }
    try checkIDs(cases)
    return cases
  }

  private static func checkIDs(_ cases: [TestCase]) throws(WireFault) {
    var owners: [String: Int] = [:]
    for (index, testCase) in cases.enumerated() {
      if let other = owners.updateValue(index, forKey: testCase.id) {
        let advice = "expected another id than that of testcases[\(other)]"
        throw WireFault(.outOfRange, "testcases[\(index)].test_id: \(advice), got the text \(testCase.id.quoted)")
      }
    }
  }

  private static func testCase(_ fields: JSONFields, flow: String?) throws(WireFault) -> TestCase {
    let id = try fields.text("test_id", 1...CaseLimits.idMax)
    guard id.allSatisfy(CaseReader.isFitForID) else {
      throw fields.outOfRange("test_id", "letters, digits, -, _, . and / only", .string(id))
    }
    guard let name = try fields.optionalText("flow", 1...FlowLimits.nameMax) ?? flow else {
      throw fields.missing("flow", "the name of the flow that is called")
    }
    let turns = try fields.list("turns", turn)
    guard (1...CaseLimits.turnsMax).contains(turns.count) else {
      let advice = "expected 1 to \(CaseLimits.turnsMax) turns"
      throw WireFault(turns.isEmpty ? .missingField : .tooLong, "\(fields.place).turns: \(advice), got \(turns.count)")
    }
    for (index, turn) in turns.enumerated() where turn.number != index + 1 {
      let advice = "expected \(index + 1), for steps count from 1 without a gap"
      throw WireFault(.outOfRange, "\(fields.place).turns[\(index)].step_order: \(advice), got \(turn.number)")
    }
    if let index = turns.firstIndex(where: { $0.action == .hangUp }), index + 1 < turns.count {
      throw WireFault(
        .outOfRange, "\(fields.place).turns[\(index)].user_input: expected the caller to hang up in the last turn only")
    }
    var testCase = TestCase(id: id, agent: TestAgent(flow: name), turns: turns)
    testCase.caller.persona = try fields.text("persona", 0...CaseLimits.personaMax)
    return testCase
  }

  private static func turn(_ fields: JSONFields) throws(WireFault) -> TestTurn {
    let number = try fields.number("step_order", 1...CaseLimits.turnsMax)
    let input = try fields.text("user_input", 1...CaseLimits.textMax)
    guard let action = CallerAction(userInput: input) else {
      throw fields.outOfRange("user_input", "a text with words in it", .string(input))
    }
    let isExact = try fields.flag("exact_match_required")
    let keywords = try keywords(fields)
    let expectation = Expectation(.keywords(keywords), allowsPartsOfWords: !isExact)
    return TestTurn(number: number, action: action, expectations: [expectation])
  }

  private static func keywords(_ fields: JSONFields) throws(WireFault) -> [String] {
    let name = "expected_agent_response_keywords"
    guard let value = fields[name] else { throw fields.missing(name, "a list of texts") }
    guard case .array(let elements) = value else { throw fields.wrongType(name, "a list of texts", value) }
    guard (1...CaseLimits.phrasesMax).contains(elements.count) else {
      throw fields.outOfRange(name, "1 to \(CaseLimits.phrasesMax) keywords", value)
    }
    var keywords: [String] = []
    for (index, element) in elements.enumerated() {
      let place = "\(name)[\(index)]"
      guard case .string(let keyword) = element else { throw fields.wrongType(place, "a text", element) }
      guard keyword.unicodeScalars.count <= CaseLimits.phraseMax, !WordErrorRate.words(of: keyword).isEmpty else {
        let expected = "a text with words in it, of at most \(CaseLimits.phraseMax) characters"
        throw fields.outOfRange(place, expected, element)
      }
      keywords.append(keyword)
    }
    return keywords
  }
}

extension CallerAction {
  private static let silence = "(silence)"
  private static let hangingUp = "(hangs up)"
  private static let holding = "(puts the agent on hold)"
  private static let recording = "(a recording)"
  private static let pressing = "(presses "

  /// What the caller does, as the predecessor's `user_input` and transcripts have it: what is said, without fillers and
  /// stumbles, or a remark in parentheses.
  public var userInput: String {
    switch self {
    case .say(let pieces): pieces.meaning
    case .play(_, let text): text ?? Self.recording
    case .press(let keys): Self.pressing + String(keys.map(\.character)) + ")"
    case .staySilent: Self.silence
    case .backchannel(let word): word
    case .answerAsMachine(let greeting, _): greeting.meaning
    case .hold: Self.holding
    case .hangUp: Self.hangingUp
    }
  }

  /// What a `user_input` asks for: `(silence)`, `(hangs up)` and `(presses 4711)` as `userInput` writes them; anything else
  /// is said as it stands. `nil` when there is nothing in it to say.
  init?(userInput text: String) {
    switch text {
    case Self.silence: self = .staySilent
    case Self.hangingUp: self = .hangUp
    default:
      if text.hasPrefix(Self.pressing), text.hasSuffix(")") {
        let inside = text.dropFirst(Self.pressing.count).dropLast()
        let keys = inside.compactMap { Key($0) }
        if !keys.isEmpty, keys.count == inside.count, keys.count <= CaseLimits.keysMax {
          self = .press(keys)
          return
        }
      }
      guard !WordErrorRate.words(of: text).isEmpty else { return nil }
      self = .say([.words(text)])
    }
  }
}
