import CallCore
import Formats
import Testing

@Suite("Files of kept calls")
struct CalibrationReaderTests {
  private static let lines = "lines: [{agent: Hello.}, {caller: Hi.}]"

  @Test("A set has the calls of its file, and the file's name where it has none")
  func reads() throws {
    let text = """
      calls:
        - id: polite
          judged: stays polite
          must: no
          lines:
            - agent: "Well: what?"
            - caller: Hello?
        - {id: a/b, judged: [greets], must: yes, \(Self.lines)}
      """.replacing("[greets]", with: "greets")
    let set = try CalibrationReader.read(text, file: "kept/desk.yaml").get()
    #expect(set.id == "desk" && set.file == "kept/desk.yaml" && set.calls.map(\.id) == ["polite", "a/b"])
    #expect(set.calls.map(\.isTrue) == [false, true] && set.calls.map(\.line) == [2, 8])
    #expect(set.calls[0].criterion == "stays polite")
    #expect(set.calls[0].lines == [.init(.agent, "Well: what?"), .init(.caller, "Hello?")])
    #expect(try CalibrationReader.read("id: x\n" + text, file: "desk.yaml").get().id == "x")
  }

  @Test(
    "Each fault is found in its line, alone, and says what to do",
    arguments: [
      .init(.missingKey, line: 1, says: "list the kept calls under `calls`", ""),
      .init(.missingKey, line: 1, says: "the file has no `calls`", "id: x\n"),
      .init(.wrongType, line: 1, says: "`calls` must be a list of calls", "calls: yes\n"),
      .init(.wrongType, line: 1, says: "`calls` must be a list of calls", "calls: []\n"),
      .init(
        .unknownKey, line: 2, says: "did you mean `calls`",
        "calls: [{id: a, judged: b, must: yes, \(lines)}]\ncall: 1\n"),
      .init(
        .badName, line: 1, says: "other characters than letters",
        "id: a b\ncalls: [{id: a, judged: b, must: yes, \(lines)}]\n"),
      .init(.missingKey, line: 2, says: "has no `id`: name it", "calls:\n- {judged: b, must: yes, \(lines)}\n"),
      .init(.missingKey, line: 2, says: "has no `judged`", "calls:\n- {id: a, must: yes, \(lines)}\n"),
      .init(.missingKey, line: 2, says: "has no `must`: write `yes`", "calls:\n- {id: a, judged: b, \(lines)}\n"),
      .init(.missingKey, line: 2, says: "has no `lines`", "calls:\n- {id: a, judged: b, must: yes}\n"),
      .init(
        .wrongType, line: 2, says: "cannot be `maybe`; one of yes, no",
        "calls:\n- {id: a, judged: b, must: maybe, \(lines)}\n"),
      .init(
        .outOfLimits, line: 2, says: "at most 200",
        "calls:\n- {id: a, judged: \(String(repeating: "b", count: 201)), must: yes, \(lines)}\n"),
      .init(
        .emptyText, line: 2, says: "has no word of the agent",
        "calls:\n- {id: a, judged: b, must: yes, lines: [{caller: Hi.}, {agent: '?'}]}\n"),
      .init(
        .unknownKey, line: 2, says: "`bot` means nothing",
        "calls:\n- {id: a, judged: b, must: yes, lines: [{bot: Hi.}]}\n"),
      .init(
        .wrongType, line: 2, says: "a line has one side",
        "calls:\n- {id: a, judged: b, must: yes, lines: [{agent: Hi., caller: Hi.}]}\n"),
      .init(
        .duplicate, line: 3, says: "is in line 2 too",
        "calls:\n- {id: a, judged: b, must: yes, \(lines)}\n- {id: a, judged: c, must: no, \(lines)}\n"),
      .init(
        .outOfLimits, line: 1, says: "at most 200 are allowed",
        "calls: [\((0...200).map { "{id: a\($0), judged: b, must: yes, \(lines)}" }.joined(separator: ", "))]\n"),
      .init(
        .outOfLimits, line: 2, says: "at most 200 are allowed",
        "calls:\n- {id: a, judged: b, must: yes, lines: [\(String(repeating: "{agent: a}, ", count: 200)){agent: a}]}\n"
      ),
      .init(
        .outOfLimits, line: 1, says: "at most \(CaseLimits.fileBytesMax)",
        String(repeating: "#", count: CaseLimits.fileBytesMax + 1)),
    ] as [FileFaultCase])
  func faults(_ wrong: FileFaultCase) {
    guard case .failure(let faults) = CalibrationReader.read(wrong.text, file: "kept.yaml") else {
      Issue.record("it was read")
      return
    }
    let found = faults.faults
    #expect(found.map(\.kind) == [wrong.kind], "\(found.map(\.description))")
    #expect(found.map(\.line) == [wrong.line], "\(found.map(\.description))")
    #expect(found.first?.message.contains(wrong.says) == true, "\(found.map(\.description))")
  }
}
