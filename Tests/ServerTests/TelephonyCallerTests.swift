import CallClient
import CallCore
import Formats
import JSON
import MachineWatch
import SampleCases
import Simulation
import Testing
import Wires

extension ServerTests {
  @Suite("Simulated calls as a telephone provider places them")
  struct TelephonyCallerTests {
    static let wires = CallWire.telephony

    @Test(
      "our own server is the bot: a case passes by ear over each dialect, and what no such wire tells is skipped"
    )
    func eachDialect() throws {
      // As `opening-hours` of the samples, without the word "from", which the recogniser takes for "for" in the band of a telephone.
      let testCase = try Self.testCase(
        """
        flow: appointment
        caller: {voice: heart-low}
        turns:
          - press: "3"
            expect: {regex: Monday to Friday.*eight.*six, state: hours}
          - say: Thank you, goodbye.
            expect: {similar: {to: Thank you for calling. Goodbye., percent: 90}}
        expect: {outcome: nothing-done, ended: completed}
        """)
      let results = try OnTime.run {
        try SimulatedCalls.telephony(testCase, Self.wires, at: try TestServer.shared.get())
      } wasHeldUp: {
        $0.contains(where: \.wasHeldUp)
      }
      for (wire, result) in zip(Self.wires, results) {
        let said = result.turns.map(\.reply)
        #expect(result.verdict == .passed, "\(wire): \(result.reasons.map { "\($0.expected): \($0.actual)" }), \(said)")
        #expect(said.count == 2 && said[0].contains("Monday to Friday"), "\(wire): \(said)")
        let evidence = result.evidence
        #expect(evidence.wire == wire && evidence.isByEar && evidence.record == nil)
        // Our server closes once its goodbye has been played, which is what Twilio notes.
        #expect(evidence.findings.map(\.code) == [.closed], "\(wire): \(evidence.findings)")
        let document = try Self.document(result)
        #expect(document.text(at: "wire") == wire.rawValue && document.text(at: "words") == "by ear")
        #expect(document.text(at: "ended") == "completed")
        let skipped = document.list("skipped").map { ($0.text(at: "kind"), $0["turn"]?.wholeNumber) }
        #expect(skipped.map(\.0) == ["state", "outcome"] && skipped.map(\.1) == [1, nil])
        #expect(result.allChecks.allSatisfy { $0.kind != .state && $0.kind != .outcome }, "skipped is not passed")
      }
    }

    @Test(
      "an interruption at 800 ms is found in the track over Twilio's wire, and the yield agrees with the tracks within 20 ms"
    )
    func interruption() throws {
      let testCase = try Self.testCase(
        """
        flow: appointment
        caller: {voice: heart-low}
        turns:
          - say: What are your opening hours?
            at: 800ms
            expect: {keywords: [eight]}
          - hang-up: true
        expect: {ended: caller-hung-up}
        """)
      let result = try OnTime.run {
        try SimulatedCalls.telephony(testCase, [.twilio], at: try TestServer.shared.get())[0]
      } wasHeldUp: {
        $0.wasHeldUp
      }
      #expect(result.verdict == .passed, "\(result.reasons.map { "\($0.expected): \($0.actual)" })")
      let tracks = try #require(result.evidence.tracks)
      let measured = try #require(result.metrics.yields.first)
      let byHand = try #require(YieldByHand(voice: tracks.voice, agent: tracks.agent))
      #expect(abs(measured.milliseconds - byHand.milliseconds) <= 20)
      #expect(result.evidence.findings.isEmpty)
    }

    @Test("a call begins so that its frames fall due half a frame off the ticks, at most a frame before it does")
    func zero() {
      let now: UInt64 = 7_000_000
      for tick in stride(from: now - 60_000, through: now + 60_000, by: 700) {
        let zero = PacedCaller.zero(ofCallAt: now, tick: tick)
        #expect(zero <= now && now - zero < 20_000)
        #expect((tick + 100_000 - zero) % 20_000 == 10_000, "\(tick)")
      }
    }

    @Test("a case that needs what the wire cannot tell is named by line before any call")
    func refused() throws {
      let testCase = try SampleCases.one("opening-hours")
      let faults = testCase.unobservable(over: .twilio, skipsExpectations: false)
      #expect(faults.count == 2 && faults.allSatisfy { $0.line > 0 && $0.text.contains("--skip-unobservable") })
      #expect(testCase.unobservable(over: .twilio, skipsExpectations: true).isEmpty)
      #expect(testCase.unobservable(over: .voiceforge, skipsExpectations: false).isEmpty)
      var phrase = testCase
      phrase.turns[0].cue = .atPhrase("opening")
      #expect(phrase.unobservable(over: .plivo, skipsExpectations: true).count == 1)
      var patient = testCase
      patient.turns[0].againWhen = ["sorry"]
      #expect(patient.unobservable(over: .twilio, skipsExpectations: true).map(\.line) == [patient.turns[0].line])
      let told = patient.unobservable(over: .realtime, skipsExpectations: true).map(\.text)
      #expect(!told.contains { $0.contains("again-when") })
    }

    private static func testCase(_ text: String) throws -> TestCase {
      try #require(
        try TestCaseFileReader.readAll(
          [(file: "bot.yaml", text: text)], flows: TestFlows.library(), flow: "appointment",
          recordingExists: { _ in true }
        ).get().first)
    }

    private static func document(_ result: CaseResult) throws -> JSONValue {
      var run = SimulationRun(seed: 1, mode: .live, target: "x", repeats: 1)
      run.results = [result]
      let whole = try JSONValue(parsing: JSONReport.bytes(of: run))
      guard case .array(let cases)? = whole["cases"] else { return .null }
      return try #require(cases.first)
    }
  }
}

extension JSONValue {
  fileprivate func list(_ name: String) -> [JSONValue] {
    if case .array(let values)? = self[name] { values } else { [] }
  }
}
