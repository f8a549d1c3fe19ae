import CallCore
import CallDriver
import Formats

/// Gives calls their traces, and has the spans of those that are over sent. Safe to share by threads.
final class CallSpanService: Sendable {
  private let exporter: (any SpanExporter)?
  private let sampler: TraceSampler
  /// Whether what was said stands in the spans, as in the log.
  private let showsWords: Bool
  private let pool: BlockingPool

  /// - Parameters:
  ///   - exporter: `nil`: no spans are sent. What a caller says of its trace is passed on all the same.
  ///   - pool: threads on which spans are made.
  init(exporter: (any SpanExporter)?, sampler: TraceSampler, showsWords: Bool, pool: BlockingPool) {
    (self.exporter, self.sampler, self.showsWords, self.pool) = (exporter, sampler, showsWords, pool)
  }

  /// What became of all spans; `nil`: none are sent.
  var figures: SpanFigures? { exporter?.figures }

  /// The trace of a call that begins.
  /// - Parameters:
  ///   - traceparent: what its caller said; what is none is ignored.
  ///   - header: what its handshake said, where the caller said nothing that counts.
  /// - Returns: `nil` where nobody traces it.
  func context(_ traceparent: String?, else header: String? = nil) -> SpanContext? {
    let parent = traceparent.flatMap { TraceParent($0) } ?? header.flatMap { TraceParent($0) }
    guard exporter != nil else {
      return parent.map { SpanContext(parent: $0, trace: $0.trace, seed: 0, isSampled: false) }
    }
    var generator = SystemRandomNumberGenerator()
    let trace = parent?.trace ?? TraceID(drawn: generator.next(), generator.next())
    return SpanContext(
      parent: parent, trace: trace, seed: generator.next(), isSampled: sampler.samples(parent, trace: trace))
  }

  /// Has the spans of a call made and sent, off the loop.
  func export(_ record: CallRecord, _ log: CallRequestLog, in context: SpanContext?) {
    guard let exporter, let context, context.isSampled else { return }
    let isQueued = pool.submit(.soon) { [showsWords] in
      exporter.export(CallSpans(of: record, log, in: context, showsWords: showsWords))
    }
    if !isQueued { exporter.countLost() }
  }
}
