import CallCore
import Formats
import Testing

@Suite("Spans as OpenTelemetry's protocol writes them")
struct SpanExportTests {
  /// What the package `opentelemetry-proto` 1.45.2 for Python makes of the same spans, field by field.
  private static let expected = """
    0ab0050a1e0a1c0a0c736572766963652e6e616d65120c0a0a766f696365666f726765128d050a190a10766f696365666f72
    67652e63616c6c731205312e322e3312be030a100af7651916cd43dd8448eb211c80319c120812ae30237b17df142208b7ad
    6b71692033312a0463616c6c30023900002a36fe9c97174100cac471fe9c97174a110a0a73657373696f6e2e696412030a01
    634a1d0a1667656e5f61692e636f6e766572736174696f6e2e696412030a01634a1b0a14766f696365666f7267652e666c6f
    772e6e616d6512030a01664a170a10766f696365666f7267652e766f69636512030a01764a1f0a0f766f696365666f726765
    2e77697265120c0a0a766f696365666f7267654a290a16766f696365666f7267652e63616c6c2e726561736f6e120f0a0d65
    6e67696e652d6661696c65644a1b0a15766f696365666f7267652e63616c6c2e7475726e73120218004a220a1b766f696365
    666f7267652e7061636b6574732e7265636569766564120318ac024a1d0a17766f696365666f7267652e7061636b6574732e
    6c6f7374120218004a1d0a0a6572726f722e74797065120f0a0d656e67696e652d6661696c65645a1e0900c21542fe9c9717
    1213766f696365666f7267652e62617267655f696e60037a21121d7468652063616c6c20656e6465643a20656e67696e652d
    6661696c6564180285010103000012ae010a100af7651916cd43dd8448eb211c80319c1208133234cda5ec0842220812ae30
    237b17df142a097574746572616e636530013900e11f3cfe9c9717410084014efe9c97174a210a1b766f696365666f726765
    2e7574746572616e63652e6e756d626572120218014a260a20766f696365666f7267652e7574746572616e63652e696e7465
    72727570746564120210014a160a10766f696365666f7267652e776f72647312021802850101010000
    """

  private static var spans: CallSpans {
    var record = CallRecord(flow: "f", voice: "v")
    (record.id, record.reason, record.duration) = ("c", .engineFailed, .seconds(1))
    record.startedAtUnixMicroseconds = 1_700_000_000_000_000
    record.audio.received = 300
    record.timeline = [TimelineEntry(at: .zero + .milliseconds(200), kind: .bargeIn, detail: "utterance 1")]
    record.timelineDropped = 3
    var entry = TranscriptEntry(
      turn: TurnID(0), role: .agent, text: "Hello there.", at: .zero + .milliseconds(100), source: .speech,
      utterance: UtteranceID(1), playedText: "Hello")
    (entry.heard, entry.interrupted) = (.milliseconds(300), true)
    record.transcript = [entry]
    let parent = TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    let context = SpanContext(parent: parent, trace: TraceID(drawn: 1, 2), seed: 7, isSampled: true)
    return CallSpans(of: record, in: context, showsWords: false)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private static func body(_ calls: [CallSpans]) -> [UInt8] {
    SpanExportRequest.body(
      calls.map(SpanExportRequest.fields), resource: [SpanAttribute(name: "service.name", value: .text("voiceforge"))],
      version: "1.2.3")
  }

  @Test("are the bytes that OpenTelemetry's own messages make")
  func bytes() { #expect(Self.hex(Self.body([Self.spans])) == Self.expected.filter { !$0.isWhitespace }) }

  @Test("of several calls stand in one request")
  func severalCalls() {
    let one = SpanExportRequest.fields(of: Self.spans).count
    #expect(Self.body([Self.spans, Self.spans]).count >= Self.body([Self.spans]).count + one)
  }

  @Test("have texts of at most 1000 characters")
  func longText() {
    var spans = Self.spans
    spans.spans[0].attributes = [SpanAttribute(name: "a", value: .text(String(repeating: "ü", count: 5000)))]
    let length = SpanExportRequest.fields(of: spans).count
    #expect((2000..<3000).contains(length))
  }

  @Test("begin at 0 where the start of the call makes no sense", arguments: [Int64.min, -1, .max])
  func senselessStart(start: Int64) {
    var spans = Self.spans
    spans.startedAtUnixMicroseconds = start
    #expect(SpanExportRequest.fields(of: spans).count == SpanExportRequest.fields(of: Self.spans).count)
  }

  @Test("are answered with what was not kept, and why")
  func answer() {
    let answer = SpanExportResponse(Self.bytes("0a0c08ac021207746f6f206f6c64"))
    #expect(answer.rejectedSpans == 300 && answer.message == "too old")
    #expect(SpanExportResponse([]).rejectedSpans == 0)
    // The greatest number that there is, which nobody may add up; and what would be two lines of a log.
    #expect(SpanExportResponse(Self.bytes("0a0a08ffffffffffffffff7f")).rejectedSpans == 1 << 32)
    #expect(SpanExportResponse(Self.bytes("0a071205610a620d63")).message == "a b c")
  }

  @Test(
    "are not harmed by an answer that is none",
    arguments: [
      "0a", "0aff", "ffffffffffffffffffffffff", "0a0c08ac02", "3c", "7b7d", "0a0b08ffffffffffffffffff01", "09aabb",
    ])
  func badAnswer(hex: String) {
    let answer = SpanExportResponse(Self.bytes(hex))
    #expect(answer.rejectedSpans == 0 && answer.message.isEmpty)
  }
}
