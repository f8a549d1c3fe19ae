package import CallCore

/// The body with which spans are sent: OpenTelemetry's `ExportTraceServiceRequest` as Protocol Buffers
/// (opentelemetry-proto, `collector/trace/v1/trace_service.proto` and `trace/v1/trace.proto`).
package enum SpanExportRequest {
  /// Longest text of an attribute, in characters: as long as what the record keeps of a caller's turn.
  package static let textMax = 1000
  /// Where the spans come from, within this program.
  private static let scope = "voiceforge.calls"

  /// What a call's spans are in every request that carries them: fields of a `ScopeSpans`.
  package static func fields(of call: CallSpans) -> [UInt8] {
    var writer = ProtobufWriter()
    for span in call.spans { writer.message(2) { write(span, of: call, to: &$0) } }
    return writer.bytes
  }

  /// A request.
  /// - Parameters:
  ///   - calls: what `fields` made of each.
  ///   - resource: who sends them.
  ///   - version: of this program.
  package static func body(_ calls: [[UInt8]], resource: [SpanAttribute], version: String) -> [UInt8] {
    var writer = ProtobufWriter()
    writer.message(1) { resourceSpans in
      resourceSpans.message(1) { write(resource, in: 1, to: &$0) }
      resourceSpans.message(2) { scopeSpans in
        scopeSpans.message(1) { scope in
          scope.text(1, Self.scope)
          scope.text(2, version)
        }
        for call in calls { scopeSpans.fields(call) }
      }
    }
    return writer.bytes
  }

  /// Bits 0 to 7 are the flags of the trace; bit 8 says that bit 9 tells whether the parent is another program's.
  private enum Flags {
    static let sampled: UInt32 = 0x001
    static let tellsRemote: UInt32 = 0x100
    static let isRemote: UInt32 = 0x200
  }

  private static func write(_ span: CallSpan, of call: CallSpans, to writer: inout ProtobufWriter) {
    writer.data(1, call.trace.high.bigEndianBytes + call.trace.low.bigEndianBytes)
    writer.data(2, span.id.value.bigEndianBytes)
    if let parent = span.parent { writer.data(4, parent.value.bigEndianBytes) }
    writer.text(5, span.name.bounded(to: textMax))
    writer.varint(6, span.kind.rawValue)
    writer.fixed64(7, call.nanoseconds(at: span.start))
    writer.fixed64(8, call.nanoseconds(at: span.end))
    write(span.attributes, in: 9, to: &writer)
    for event in span.events {
      writer.message(11) { writer in
        writer.fixed64(1, call.nanoseconds(at: event.at))
        writer.text(2, event.name)
        write(event.attributes, in: 3, to: &writer)
      }
    }
    if span.eventsDropped > 0 { writer.varint(12, span.eventsDropped) }
    if let failure = span.failure {
      writer.message(15) { status in
        status.text(2, failure.bounded(to: textMax))
        status.varint(3, 2)
      }
    }
    let isRemote = span.kind == .server && span.parent != nil
    writer.fixed32(16, Flags.sampled | Flags.tellsRemote | (isRemote ? Flags.isRemote : 0))
  }

  private static func write(_ attributes: [SpanAttribute], in field: Int, to writer: inout ProtobufWriter) {
    for attribute in attributes {
      writer.message(field) { pair in
        pair.text(1, attribute.name)
        pair.message(2) { value in
          switch attribute.value {
          case .text(let text): value.text(1, text.bounded(to: textMax))
          case .flag(let flag): value.varint(2, flag ? 1 : 0)
          case .number(let number): value.varint(3, number)
          }
        }
      }
    }
  }
}

/// What a collector answers: `ExportTraceServiceResponse`.
package struct SpanExportResponse: Sendable, Equatable {
  /// Spans of the request that it did not take.
  package private(set) var rejectedSpans = 0
  /// Why, or what else it wants to say.
  package private(set) var message = ""

  /// - Parameter body: as Protocol Buffers. A body that cannot be read says nothing: the status of the answer counts.
  package init(_ body: [UInt8]) {
    do throws(ProtobufReader.Fault) {
      var reader = ProtobufReader(body)
      while let (field, value) = try reader.next() {
        if field == 1, case .data(let bytes) = value { try readPartialSuccess(bytes) }
      }
    } catch {
      (rejectedSpans, message) = (0, "")
    }
  }

  /// A collector that says more means something else; sums of such numbers would be none.
  private static let rejectedSpansMax = 1 << 32

  private mutating func readPartialSuccess(_ bytes: [UInt8]) throws(ProtobufReader.Fault) {
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .number(let count)): rejectedSpans = min(max(Int(truncatingIfNeeded: count), 0), Self.rejectedSpansMax)
      // It stands in the log, where a line must not look like two.
      case (2, .data(let text)):
        message = String(
          String(decoding: text, as: UTF8.self).map { $0.isNewline || $0.isASCII && $0 < " " ? " " : $0 })
      default: break
      }
    }
  }
}

extension CallSpans {
  /// Since 1970 UTC.
  fileprivate func nanoseconds(at instant: Timestamp) -> UInt64 {
    let (microseconds, isTooGreat) = startedAtUnixMicroseconds.addingReportingOverflow(instant.microseconds)
    guard !isTooGreat, microseconds >= 0 else { return 0 }
    let (nanoseconds, overflow) = UInt64(microseconds).multipliedReportingOverflow(by: 1000)
    return overflow ? .max : nanoseconds
  }
}

extension UInt64 {
  fileprivate var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * $0)) } }
}
