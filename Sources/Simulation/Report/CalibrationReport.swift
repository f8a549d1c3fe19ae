import CallCore
import JSON

/// What judges made of kept calls, as one JSON object. `Sources/Simulation/Report.md` describes each member.
public enum CalibrationReport {
  /// UTF-8; equal answers give equal bytes.
  public static func bytes(of results: [CalibrationResult]) -> [UInt8] {
    var writer = JSONWriter(reserving: 4096)
    writer.object { $0.objects("sets", results) { JSONReport.write($1, to: &$0) } }
    return writer.bytes
  }
}

extension JSONReport {
  /// Of one set, its members.
  static func write(_ result: CalibrationResult, to writer: inout JSONWriter) {
    writer.field("id", result.id)
    writer.field("file", result.file)
    writer.object("counts") { writer in
      writer.field("right", result.count(.passed))
      writer.field("misjudged", result.count(.failed))
      writer.field("unjudged", result.count(.invalid))
    }
    writer.objects("calls", result.calls) { writer, call in
      writer.field("id", call.kept.id)
      writer.field("must", call.kept.isTrue ? "yes" : "no")
      write(call.judged, to: &writer)
    }
  }
}
