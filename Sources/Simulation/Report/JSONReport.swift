import CallCore
public import JSON
import Wires

/// A run as one JSON object, for programs. `Sources/Simulation/Report.md` describes each member.
public enum JSONReport {
  /// UTF-8; equal runs give equal bytes. Times of day are there only where the run has them.
  public static func bytes(of run: SimulationRun) -> [UInt8] {
    var writer = JSONWriter(reserving: 4096 * (run.results.count + 1))
    writer.object { write(run, to: &$0) }
    return writer.bytes
  }

  /// The members of that object, to be written into another.
  public static func write(_ run: SimulationRun, to writer: inout JSONWriter) {
    writer.field("metricsVersion", CallMetrics.version)
    writer.field("seed", String(run.seed))
    writer.field("mode", run.mode.rawValue)
    writer.field("target", run.target)
    writer.field("repeats", run.repeats)
    if run.startedAtUnixMicroseconds != 0 {
      writer.field("startedAt", UTCTime.text(unixMicroseconds: run.startedAtUnixMicroseconds))
    }
    if run.wallMicroseconds != 0 {
      writer.field("wallMs", CallDuration.microseconds(run.wallMicroseconds).milliseconds)
    }
    writer.object("counts") { writer in
      writer.field("passed", run.count(.passed))
      writer.field("failed", run.count(.failed))
      writer.field("invalid", run.count(.invalid))
      writer.field("notRun", run.notRun.count)
    }
    if run.repeats > 1 { write(RepeatedCase.all(of: run), to: &writer) }
    writer.object("figures") { write(RunFigures(run), to: &$0) }
    writer.list("notRun", run.notRun) { writer, id in writer.value(id) }
    writer.list("cases", run.results) { writer, result in writer.object { write(result, to: &$0) } }
  }

  private static func write(_ cases: [RepeatedCase], to writer: inout JSONWriter) {
    writer.object("repeated") { writer in
      writer.field("cases", cases.count)
      writer.field("passedOnce", cases.count { $0.passedOnce })
      writer.field("passedAlways", cases.count { $0.passedAlways })
      writer.list("byCase", cases) { writer, one in
        writer.object { writer in
          writer.field("id", one.id)
          writer.field("ran", one.ran)
          writer.field("passed", one.passed)
          writer.field("passedOnce", one.passedOnce)
          writer.field("passedAlways", one.passedAlways)
        }
      }
    }
  }

  private static func write(_ figures: RunFigures, to writer: inout JSONWriter) {
    write("latency", figures.latencies, to: &writer)
    write("yield", figures.yields, to: &writer)
    write("wordErrors", figures.wordErrors, to: &writer)
    writer.field("durationMs", figures.duration.milliseconds)
  }

  private static func write(_ name: String, _ spans: [CallDuration], to writer: inout JSONWriter) {
    writer.object(name) { writer in
      writer.field("count", spans.count)
      writer.field("p50Ms", Percentile.of(spans, 50)?.milliseconds)
      writer.field("p95Ms", Percentile.of(spans, 95)?.milliseconds)
      writer.field("maxMs", spans.max()?.milliseconds)
    }
  }

  static func write(_ name: String, _ errors: WordErrorRate?, to writer: inout JSONWriter) {
    guard let errors else { return }
    writer.object(name) { writer in
      writer.field("substitutions", errors.substitutions)
      writer.field("deletions", errors.deletions)
      writer.field("insertions", errors.insertions)
      writer.field("words", errors.referenceWords)
    }
  }
}
