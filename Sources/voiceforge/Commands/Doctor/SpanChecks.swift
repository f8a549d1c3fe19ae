import CallCore
import RemoteServices

/// Whether the collector of traces can be used: it is sent a request without spans.
enum SpanChecks {
  /// Takes as long as the collector does, at most `OTEL_EXPORTER_OTLP_TIMEOUT`.
  static func section(_ collector: SpanCollector) -> DoctorSection {
    let probe = ProgressLine.during("trying the collector of traces out …") { SpanProbe(collector) }
    var checks = [collectorCheck(probe)]
    if collector.showsKey {
      checks.append(
        DoctorCheck(
          name: "Headers", state: .note, detail: "go there without TLS: anybody on the way can read them",
          remedy: "an https address in OTEL_EXPORTER_OTLP_ENDPOINT"))
    }
    return DoctorSection(title: "Traces to \(collector.shownURL)", checks: checks)
  }

  private static func collectorCheck(_ probe: SpanProbe) -> DoctorCheck {
    if let trouble = probe.trouble {
      return DoctorCheck(
        name: "Collector", state: .missing, detail: trouble,
        remedy: "start it there, or correct OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS")
    }
    return DoctorCheck(
      name: "Collector", detail: "takes spans; answered in \(SpokenFigures.precise(CallDuration(probe.took)))")
  }
}
