import CallCore
import JSON
import Wires
import Formats
import TestSupport
import Testing

@Suite("What databases keep")
struct ArchiveTests {
  @Test("a call comes back as it was, to the microsecond, as a whole and without what was said")
  func call() throws {
    var record = SampleRecord.call
    record.startedAtUnixMicroseconds += 1
    record.duration = .microseconds(31_250_001)
    record.transcript[0].at = Timestamp(microseconds: 2_310_999)
    record.transcriptDropped = 4
    record.timelineDropped = 5
    record.toolCallsDropped = 6
    record.toolCalls.append(ToolCallEntry(number: 2, turn: TurnID(0), at: Timestamp(microseconds: 17), name: ""))
    let summary = CallArchive.summary(of: record)
    #expect(try CallArchive.record(summary: summary, course: CallArchive.course(of: record)) == record)
    record.transcript = []
    record.timeline = []
    record.toolCalls = []
    record.turnLatencies = []
    #expect(try CallArchive.record(summary: summary, course: nil) == record)
  }

  @Test("what was stored with the greatest numbers is read again, and can be shown", arguments: [Int64.max, .min])
  func greatest(number: Int64) throws {
    var record = SampleRecord.call
    record.startedAtUnixMicroseconds = number
    record.duration = .microseconds(number)
    record.turns = Int(number)
    record.audio.received = Int(number)
    record.transcript[0].at = Timestamp(microseconds: number)
    record.transcript[0].heard = .microseconds(number)
    let span = CallDuration.microseconds(number)
    record.turnLatencies = [
      TurnLatency(
        turn: TurnID(1), endpoint: span, recognition: span, flow: span, synthesis: span, playout: span,
        model: ModelLatency(firstToken: span, firstSentence: span, tools: span))
    ]
    record.toolCalls[0].duration = span
    let again = try CallArchive.record(summary: CallArchive.summary(of: record), course: CallArchive.course(of: record))
    #expect(again == record)
    #expect(!CallDocument(again, recordingBytes: nil).json.isEmpty)
    #expect(again.turnLatencyP50 == span)
    var run = TestRun(
      id: "r", testID: "t", provider: "p", mode: .live, createdAtUnixMicroseconds: number, turnsAll: Int(number))
    run.updatedAtUnixMicroseconds = ~number
    run.status = .completed
    let told = try TestRunArchive.run(summary: TestRunArchive.summary(of: run), transcript: nil)
    #expect(told == run)
    #expect(!JSONObject.testRunProgress(told, nowUnixMicroseconds: 0).json.isEmpty)
  }

  @Test("a call whose texts hold NUL, as a tool's answer may, comes back with U+FFFD in its place")
  func nul() throws {
    var record = SampleRecord.call
    record.transcript[0].text = "a\0b"
    record.slots = ["city\0": "c\0"]
    let again = try CallArchive.record(
      summary: CallArchive.summary(of: record), course: CallArchive.course(of: record))
    #expect(again.transcript[0].text == "a\u{FFFD}b")
    #expect(again.slots == ["city\u{FFFD}": "c\u{FFFD}"])
  }

  @Test("every sample case comes back as it was")
  func sampleCases() throws {
    let cases = try SampleCases.all()
    #expect(cases.count > 15)
    for testCase in cases {
      #expect(try TestCaseArchive.testCase(from: TestCaseArchive.json(of: testCase)) == testCase)
    }
  }

  @Test(
    "what somebody else wrote or changed is a fault that names the place",
    arguments: [
      "", "[]", "{", "{}", #"{"flow": 1, "voice": "v"}"#,
      #"{"flow": "f", "voice": "v", "id": "i", "codec": "c", "reason": "x"}"#,
    ])
  func damaged(json: String) {
    let fault = #expect(throws: WireFault.self) { try CallArchive.record(summary: Array(json.utf8), course: nil) }
    #expect(fault?.message.contains("record") == true)
    #expect(throws: WireFault.self) { try TestCaseArchive.testCase(from: Array(json.utf8)) }
    #expect(throws: WireFault.self) { try TestRunArchive.run(summary: Array(json.utf8), transcript: nil) }
  }
}
