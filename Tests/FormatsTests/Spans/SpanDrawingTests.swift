import CallCore
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The spans of a call as text")
struct SpanDrawingTests {
  private static let context = SpanContext(parent: nil, trace: TraceID(drawn: 1, 2), seed: 5, isSampled: true)
  private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Golden/spans.txt").standardizedFileURL

  private static var spans: CallSpans {
    CallSpans(of: SampleRecord.call, in: context, showsWords: false)
  }

  @Test("are drawn as they were (`make golden` writes them anew)")
  func drawing() throws {
    let drawn = SpanDrawing.text(of: Self.spans)
    if ProcessInfo.processInfo.environment["VOICEFORGE_GOLDEN"] == "write" {
      try Data(drawn.utf8).write(to: Self.golden)
    }
    #expect(try String(contentsOf: Self.golden, encoding: .utf8) == drawn, "run make golden and look at the difference")
  }

  @Test("are at most 2000 lines, and one that says how many more there are")
  func manySpans() {
    var spans = Self.spans
    while spans.spans.count <= SpanDrawing.spansMax { spans.spans += spans.spans }
    // Spans that stand there twice are no parts of themselves.
    spans.spans = spans.spans.map { span in
      var span = span
      span.parent = nil
      return span
    }
    let lines = SpanDrawing.text(of: spans).split(separator: "\n")
    #expect(lines.count == SpanDrawing.spansMax + 1)
    #expect(lines.last == "and \(spans.spans.count - SpanDrawing.spansMax) more")
  }

  @Test("of a call without any length are drawn all the same")
  func nothing() {
    let record = CallRecord(flow: "f", voice: "v")
    let drawn = SpanDrawing.text(of: CallSpans(of: record, in: Self.context, showsWords: false))
    #expect(drawn.hasPrefix("call") && drawn.split(separator: "\n").count == 1)
  }
}
