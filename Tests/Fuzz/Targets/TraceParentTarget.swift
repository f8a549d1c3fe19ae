import CallCore
import Formats

/// What strangers say of a trace: the header `traceparent` of a call, and the answer of a collector.
final class TraceParentTarget: FuzzTarget {
  static let name = "traces"

  func run(_ bytes: [UInt8]) {
    let answer = SpanExportResponse(bytes)
    require(answer.rejectedSpans >= 0, "no less than nothing is refused")
    guard let parent = TraceParent(String(decoding: bytes, as: UTF8.self)) else { return }
    require(parent.text.utf8.count == 55, "what is written has version 00")
    require(TraceParent(parent.text) == parent, "what is written is read as the same")
  }
}
