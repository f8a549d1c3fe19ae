public import CallCore
public import JSON

/// A case in the JSON of the predecessor *Voice Framework*, as `GET /testcases` shows it:
/// `{test_id, persona, turns: [{step_order, user_input, expected_agent_response_keywords, exact_match_required}]}`.
///
/// What that shape has no place for (cues, worlds, other expectations) is not written.
public struct TestCaseDocument: Sendable, Equatable, JSONDocument {
  /// The case.
  public var testCase: TestCase

  /// - Parameter testCase: any case.
  public init(_ testCase: TestCase) { self.testCase = testCase }

  /// Several cases as one JSON array, UTF-8.
  public static func json(of cases: [TestCase]) -> [UInt8] {
    var writer = JSONWriter()
    writer.list(cases) { writer, testCase in writer.object(TestCaseDocument(testCase).writeMembers) }
    return writer.bytes
  }

  /// Writes the members in the predecessor's order.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("test_id", testCase.id)
    writer.field("persona", testCase.caller.persona)
    writer.list("turns", testCase.turns) { writer, turn in
      writer.object { writer in
        writer.field("step_order", turn.number)
        writer.field("user_input", turn.deed.userInput)
        writer.list("expected_agent_response_keywords", turn.keywords) { $0.value($1) }
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
