import CallDriver

extension MetricsText {
  /// What became of the spans of calls, where they are sent.
  func writeSpans(_ spans: SpanFigures, to page: inout MetricsPage) {
    page.counter("voiceforge_trace_calls_sent_total", "Calls whose spans the collector took.", spans.sent)
    page.counters(
      "voiceforge_trace_calls_lost_total", "Calls whose spans are lost, by reason.",
      SpanFigures.Loss.allCases.map { ("reason=\"\($0.rawValue)\"", spans.lost[$0] ?? 0) })
    page.counter(
      "voiceforge_trace_spans_rejected_total", "Spans that the collector did not keep of requests that it took.",
      spans.rejectedSpans)
    page.counter("voiceforge_trace_retries_total", "Requests to the collector that were sent once more.", spans.retries)
    page.gauge("voiceforge_trace_calls_waiting", "Calls whose spans wait to be sent.", spans.waiting)
  }
}
