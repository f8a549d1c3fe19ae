import CallCore
import CallDriver
import Formats
import Foundation
import JSON
import Testing

/// One form in which something is kept: in a database, in what servers hand on, or in a trace.
///
/// `Tests/Golden/stored` has a file for each, one example a line, as this version writes them. Where readers fill in what older versions
/// did not write, a file `….old.jsonl` has such lines, spaced and ordered as PostgreSQL's `jsonb` gives them. What was once stored stays
/// there, so old lines are added and never changed: before a new member goes into a golden file, a line without it belongs among the old
/// ones.
struct StoredShape: CustomTestStringConvertible, Sendable {
  /// Of the file, without its ending.
  let name: String
  /// Which function writes it, such as `KeyArchive.json`.
  let writer: String
  /// Whether there are old lines.
  let hasOlder: Bool
  /// The examples as this version writes them, one a line.
  let written: @Sendable () -> [UInt8]
  /// Whether the lines are the examples, or the older examples.
  let isSame: @Sendable (_ lines: [UInt8], _ isOlder: Bool) throws -> Bool
  /// The lines, read and written again.
  let rewritten: @Sendable ([UInt8]) throws -> [UInt8]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Golden/stored").standardizedFileURL

  /// - Parameters:
  ///   - examples: with something in every member, and each word of a list of words at least once.
  ///   - older: what the old lines must give.
  init<Value: Equatable & Sendable>(
    _ name: String, by writer: String, _ examples: [Value], older: [Value] = [],
    write: @escaping @Sendable (Value) -> [UInt8], read: @escaping @Sendable ([UInt8]) throws -> Value
  ) {
    self.name = name
    self.writer = writer
    hasOlder = !older.isEmpty
    written = { Self.joined(examples.map(write)) }
    isSame = { try Self.split($0).map(read) == ($1 ? older : examples) }
    rewritten = { Self.joined(try Self.split($0).map { write(try read($0)) }) }
  }

  var testDescription: String { name }
  var file: String { "\(name).jsonl" }
  var olderFile: String { "\(name).old.jsonl" }

  private static let newline = UInt8(ascii: "\n")

  private static func joined(_ lines: [[UInt8]]) -> [UInt8] { lines.flatMap { $0 + [newline] } }

  private static func split(_ file: [UInt8]) -> [[UInt8]] { file.split(separator: newline).map(Array.init) }
}

extension StoredShape {
  /// Everything that is kept in a form of ours.
  static let all = calls + tests + others + traces

  private static let calls = [
    StoredShape(
      "call-summary", by: "CallArchive.summary", StoredExamples.summaries, older: [StoredExamples.oldCall],
      write: CallArchive.summary, read: { try CallArchive.record(summary: $0, course: nil) }),
    StoredShape(
      "call-course", by: "CallArchive.course", [StoredExamples.course], older: [StoredExamples.oldCourse],
      write: CallArchive.course,
      read: { try CallArchive.record(summary: CallArchive.summary(of: StoredExamples.course), course: $0) }),
    StoredShape(
      "recording", by: "RecordingArchive.bytes", [StoredExamples.recording], write: \.hexadecimal,
      read: StoredRecording.init),
  ]

  private static let tests = [
    StoredShape(
      "test-case", by: "TestCaseArchive.json", StoredExamples.cases, older: [StoredExamples.oldCase],
      write: TestCaseArchive.json, read: TestCaseArchive.testCase),
    StoredShape(
      "run-summary", by: "TestRunArchive.summary", StoredExamples.runs, older: StoredExamples.oldRuns,
      write: TestRunArchive.summary, read: { try TestRunArchive.run(summary: $0, transcript: nil) }),
    StoredShape(
      "run-transcript", by: "TestRunArchive.transcript", [StoredExamples.spokenRun],
      older: [StoredExamples.oldSpokenRun], write: TestRunArchive.transcript,
      read: { try TestRunArchive.run(summary: TestRunArchive.summary(of: StoredExamples.spokenRun), transcript: $0) }),
  ]

  private static let others = [
    StoredShape(
      "key", by: "KeyArchive.json", StoredExamples.keys, older: StoredExamples.oldKeys, write: KeyArchive.json,
      read: KeyArchive.key),
    StoredShape(
      "provider", by: "TelephonyProviderArchive.json", StoredExamples.providers,
      older: [StoredExamples.oldProvider], write: TelephonyProviderArchive.json,
      read: TelephonyProviderArchive.provider),
    StoredShape(
      "telephony-number", by: "TelephonyNumberArchive.json", [StoredExamples.telephonyNumber],
      older: [StoredExamples.oldTelephonyNumber], write: TelephonyNumberArchive.json,
      read: TelephonyNumberArchive.number),
    StoredShape(
      "phone-call", by: "PhoneCallArchive.json", StoredExamples.phoneCalls,
      older: [StoredExamples.oldPhoneCall], write: PhoneCallArchive.json, read: PhoneCallArchive.call),
    StoredShape(
      "campaign", by: "CampaignArchive.json", StoredExamples.campaigns, older: [StoredExamples.oldCampaign],
      write: CampaignArchive.json, read: CampaignArchive.campaign),
    StoredShape(
      "voice", by: "MatchedVoiceArchive.json", [StoredExamples.voice], older: [StoredExamples.oldVoice],
      write: MatchedVoiceArchive.json, read: MatchedVoiceArchive.voice),
    StoredShape(
      "flow-version", by: "FlowVersionArchive.json", [StoredExamples.flow], older: [StoredExamples.oldFlow],
      write: FlowVersionArchive.json, read: FlowVersionArchive.version),
    StoredShape(
      "node-flow", by: "NodeFlowArchive.json", [StoredExamples.nodeFlow], older: [StoredExamples.oldNodeFlow],
      write: NodeFlowArchive.json, read: NodeFlowArchive.flow),
    StoredShape(
      "usage", by: "UsageArchive.json", StoredExamples.usage, older: StoredExamples.oldUsage,
      write: UsageArchive.json, read: UsageArchive.share),
    StoredShape(
      "export-summary", by: "JSONObject.exportSummary", [exportSummary(calls: 5000, runs: 12)],
      older: [exportSummary(calls: 0, runs: 0)],
      write: { JSONObject.exportSummary(version: $0.version, calls: $0.calls, runs: $0.runs).json },
      read: ExportSummary.init(parsing:)),
    StoredShape(
      "exported-ids", by: "JSONObject.exportedIDs",
      [exportedIDs(["c-17", "c-16"], nextCursor: "16"), exportedIDs(["r-1"])],
      older: [exportedIDs(["c-17"]), exportedIDs([])],
      write: { JSONObject.exportedIDs($0.ids, nextCursor: $0.nextCursor).json }, read: ExportedIDs.init(parsing:)),
  ]

  private static func exportSummary(calls: Int, runs: Int) -> ExportSummary {
    do throws(WireFault) {
      return try ExportSummary(parsing: JSONObject.exportSummary(version: "0.1.0", calls: calls, runs: runs).json)
    } catch { preconditionFailure("\(error)") }
  }

  private static func exportedIDs(_ ids: [String], nextCursor: String? = nil) -> ExportedIDs {
    do throws(WireFault) {
      return try ExportedIDs(parsing: JSONObject.exportedIDs(ids, nextCursor: nextCursor).json)
    } catch { preconditionFailure("\(error)") }
  }

  private static let traces = [
    StoredShape(
      "trace-header", by: "CallTrace.line", [StoredExamples.header], older: [StoredExamples.oldHeader],
      write: { CallTrace.line(of: $0, version: "0.1.0").dropLast() }, read: { try CallTraceReader($0).header }),
    StoredShape(
      "trace-step", by: "CallTrace.line", StoredExamples.steps,
      write: { CallTrace.line(of: $0).dropLast() },
      read: { step in
        let head = CallTrace.line(of: StoredExamples.header, version: "0.1.0")
        var reader = try CallTraceReader(head + step + [newline])
        guard case .step(let step) = try reader.next() else { throw CocoaError(.fileReadCorruptFile) }
        return step
      }),
  ]
}

/// A recording as hexadecimal digits, so that its golden file is text.
struct StoredRecording: Equatable, Sendable {
  let bytes: [UInt8]
  let positions: [[UInt32]]
  let packets: [[UInt8]]
  let formats: [AudioFormat]
  let dropped: [Int]

  init(_ recording: CallRecording) {
    let tracks = [recording.caller, recording.agent]
    bytes = RecordingArchive.bytes(of: recording)
    positions = tracks.map(\.positions)
    packets = tracks.flatMap { track in (0..<track.packetCount).map { track.withPacket($0) { Array($0) } } }
    formats = tracks.map(\.format)
    dropped = tracks.map(\.dropped)
  }

  /// - Parameter hexadecimal: a line of the golden file.
  init(_ hexadecimal: [UInt8]) throws {
    let digits = hexadecimal.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }.map(UInt8.init)
    let bytes = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    guard let recording = RecordingArchive.recording(from: bytes) else { throw CocoaError(.fileReadCorruptFile) }
    self.init(recording)
  }

  var hexadecimal: [UInt8] { bytes.flatMap { Array(String(format: "%02x", $0).utf8) } }
}
