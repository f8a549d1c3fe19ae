import CallCore
import CallDriver
import Stores
import TestCluster
import Testing

extension DatabaseTests {
  @Suite("Texts that databases stumble over", .enabled(if: TestCluster.isWanted, "\(TestCluster.reason)"))
  struct TextTests {
    static let texts = [
      "'; DROP TABLE voiceforge_calls; --", "\" OR \"\"=\"", "$1", "\\'; SELECT pg_sleep(9); --", "\\u0000",
      "\\\\u0000",
      "{\"a\": [1, 2}",
      "line\nbreak\r\ttab \u{1} \u{7F}", "Müller 😀 \u{10FFFF} e\u{301} \u{FEFF}", "", " ", "NULL", "%s%n",
      String(repeating: "ab'\\", count: 3000),
    ]

    @Test("they come back from every field as they were", arguments: texts)
    func everywhere(text: String) throws {
      let outage = try Outage()
      let call = Self.call(id: "id", text: text)
      try outage.store.append(call)
      #expect(try outage.store.call(id: "id")?.record == call.record)
      let found = try outage.store.calls(
        matching: CallFilter(flow: text, outcome: text), limit: 10, after: nil)
      #expect(found.calls.map(\.record.id) == ["id"])
      let cases = PostgresTestCaseStore(outage.database)
      let testCase = Self.testCase(id: "id", text: text)
      #expect(try cases.add([testCase]) == .done)
      #expect(try cases.testCase(id: "id") == testCase)
      let runs = PostgresTestRunStore(outage.database)
      let run = Self.run(id: "id", text: text)
      try runs.save(run)
      #expect(try runs.run(id: "id") == run)
      let keys = PostgresKeyStore(outage.database)
      #expect(try keys.add(Self.key(id: "id", text: text)) == .done)
      #expect(try keys.keys() == [Self.key(id: "id", text: text)])
      let flows = PostgresFlowStore(outage.database)
      let version = FlowVersion(name: "id", version: 1, text: text, savedAtUnixMicroseconds: .max)
      #expect(try flows.add("id", text: text, at: .max) == .done(version))
      #expect(try flows.flows() == [version])
      #expect(try flows.importFile("id", text: text, at: 1) == .taken)
      let voices = PostgresMatchedVoiceStore(outage.database)
      #expect(try voices.add(Self.voice(id: "id", text: text)))
      #expect(try voices.voices() == [Self.voice(id: "id", text: text)])
    }

    @Test("they are ids like any other", arguments: texts.filter { $0.utf8.count < 1000 })
    func ids(text: String) throws {
      let outage = try Outage()
      try outage.store.append(Self.call(id: text, text: ""))
      try outage.store.append(Self.call(id: text + "!", text: ""))
      #expect(try outage.store.call(id: text)?.record.id == text)
      #expect(try outage.ids() == [text, text + "!"])
      let cases = PostgresTestCaseStore(outage.database)
      #expect(try cases.add([Self.testCase(id: text, text: "")]) == .done)
      #expect(try cases.add([Self.testCase(id: text, text: "")]) == .taken(id: text))
      #expect(try cases.remove(id: text) == .done)
      let keys = PostgresKeyStore(outage.database)
      #expect(try keys.add(Self.key(id: text, text: "")) == .done)
      #expect(try keys.add(Self.key(id: text, text: "")) == .taken)
      #expect(try keys.recordUse(id: text, atUnixMicroseconds: 5) == .done)
      #expect(try keys.revoke(id: text, atUnixMicroseconds: 5) == .done)
      let flows = PostgresFlowStore(outage.database)
      #expect(try flows.add(text, text: "one", at: 1).version?.name == text)
      #expect(try flows.save(text, text: "two", after: 1, at: 2).version?.version == 2)
      #expect(try flows.versions(of: text).map(\.text) == ["two", "one"])
      #expect(try flows.remove(text, at: 2).version?.text == "two")
      let voices = PostgresMatchedVoiceStore(outage.database)
      #expect(try voices.add(Self.voice(id: text, text: "")))
      #expect(try voices.remove(id: text))
    }

    @Test("NUL, which no text of PostgreSQL takes, becomes the sign for what cannot be read")
    func nul() throws {
      let outage = try Outage()
      try outage.store.append(Self.call(id: "a\0b", text: "\0x\0\0\\\0"))
      let kept = try #require(try outage.store.call(id: "a\u{FFFD}b"))
      #expect(kept.record == Self.call(id: "a\u{FFFD}b", text: "\u{FFFD}x\u{FFFD}\u{FFFD}\\\u{FFFD}").record)
      // Whoever asks with the old id means this one.
      #expect(try outage.store.call(id: "a\0b")?.record == kept.record)
      #expect(outage.store.usage.lost == 0)
      let keys = PostgresKeyStore(outage.database)
      #expect(try keys.add(Self.key(id: "a\0b", text: "\0x")) == .done)
      #expect(try keys.keys() == [Self.key(id: "a\u{FFFD}b", text: "\u{FFFD}x")])
      let flows = PostgresFlowStore(outage.database)
      _ = try flows.add("a\0b", text: "x\0", at: 1)
      #expect(try flows.versions(of: "a\0b").map(\.text) == ["x\u{FFFD}"])
      let voices = PostgresMatchedVoiceStore(outage.database)
      _ = try voices.add(Self.voice(id: "a\0b", text: "\0"))
      #expect(try voices.voices() == [Self.voice(id: "a\u{FFFD}b", text: "\u{FFFD}")])
    }

    @Test("a record that the database refuses is lost alone, counted, and told without its texts")
    func refused() throws {
      let outage = try Outage()
      try outage.cluster.run(
        "ALTER TABLE voiceforge_calls ADD CONSTRAINT no_eight CHECK (id <> '8') NOT VALID", at: outage.url)
      #expect(outage.append(0..<20) == 0)
      #expect(try outage.ids() == (0..<20).filter { $0 != 8 }.map(String.init))
      #expect(outage.store.usage.lost == 1)
      #expect(outage.store.usage.entries == 19)
      #expect(outage.database.health == .well)
      #expect(
        outage.news.contains {
          $0.hasPrefix("the database refused the call 8, which is lost") && $0.contains("SQLSTATE 23514")
        })
    }

    private static func call(id: String, text: String) -> StoredCall {
      var record = CallRecord(flow: text, voice: text)
      record.id = id
      record.codec = text
      record.outcome = text
      record.finalState = text
      record.slots = [text: text]
      record.metadata = [text: text]
      record.startedAtUnixMicroseconds = .max
      record.duration = .microseconds(.max)
      record.transcript = [
        TranscriptEntry(turn: TurnID(1), role: .caller, text: text, at: .zero, source: .text, playedText: text)
      ]
      record.timeline = [TimelineEntry(at: .zero, kind: .slotFilled, detail: text)]
      return StoredCall(record: record, recording: nil)
    }

    private static func testCase(id: String, text: String) -> TestCase {
      var testCase = TestCase(
        id: id, agent: TestAgent(flow: text, voice: text),
        turns: [
          TestTurn(
            number: 1, cue: .atPhrase(text),
            action: .say([.words(text), .filler(text), .stumble(text), .lengthened(text)])),
          TestTurn(number: 2, action: .play(file: text, text: text)), TestTurn(number: 3, action: .backchannel(text)),
        ])
      testCase.title = text
      testCase.tags = [text]
      testCase.caller.persona = text
      testCase.caller.voice = text
      testCase.world.noise = .init(sort: .recording(text), ratio: 3)
      testCase.seed = .max
      testCase.source.file = text
      testCase.expectations = [
        Expectation(.anyOf([text])), Expectation(.excludes([text])), Expectation(.exact(text)),
        Expectation(.regex(CompiledPattern(text))),
        Expectation(.similarity(text, percentMin: 3)), Expectation(.state(text)), Expectation(.slot(text, text)),
        Expectation(.outcome(text)), Expectation(.judged(text)),
      ]
      return testCase
    }

    private static func key(id: String, text: String) -> APIKey {
      APIKey(
        id: id, name: text, scopes: [.read], createdAtUnixMicroseconds: .min, salt: [0, 255],
        digest: Array(0..<32))
    }

    private static func voice(id: String, text: String) -> MatchedVoice {
      MatchedVoice(
        id: id, name: text, shape: .plain, pitchHz: 100, recording: .microseconds(.max), createdAtUnixMicroseconds: .min
      )
    }

    private static func run(id: String, text: String) -> TestRun {
      var run = TestRun(
        id: id, testID: text, provider: text, mode: .live, createdAtUnixMicroseconds: .min, turnsAll: 1)
      run.metadata = [text: text]
      run.providerCallID = text
      run.transcript = [TestRunUtterance(speaker: .user, text: text, step: 1, atUnixMicroseconds: 5)]
      var step = RunStep(number: 1, expectedInput: text, keywords: [text], isExact: true)
      step.actualInput = text
      step.reply = text
      step.details = text
      step.findings = [RunFinding(turn: 1, kind: text, text: text, isInvalid: false)]
      run.evaluation = RunEvaluation(isPassed: true, summary: text, failures: [text], steps: [step], deviates: false)
      let vote = RunVote(answer: "no", quote: text, why: text, fault: text, atMilliseconds: nil, model: text)
      run.evaluation?.judgements = [
        RunJudgement(statement: text, isAbsent: false, outcome: "no", reason: text, votes: [vote])
      ]
      run.evaluation?.similarities = [
        RunSimilarity(turn: 1, expected: text, found: text, thousandths: nil, isPassed: false)
      ]
      return run
    }
  }
}
