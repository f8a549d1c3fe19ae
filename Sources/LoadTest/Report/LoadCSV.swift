import CallCore

/// A load test second by second as a table for spreadsheets (RFC 4180). What was not measured is empty.
public enum LoadCSV {
  /// The names of the columns, then a line for each second.
  public static func text(of samples: [LoadSample]) -> String {
    var lines = [columns.map(\.name).joined(separator: ",")]
    lines += samples.map { sample in columns.map { $0.value(sample) }.joined(separator: ",") }
    return lines.map { $0 + "\r\n" }.joined()
  }

  private static let columns: [(name: String, value: @Sendable (LoadSample) -> String)] = [
    ("seconds", { LoadText.decimals($0.at.seconds, 3) }),
    ("active", { "\($0.active)" }),
    ("connecting", { "\($0.connecting)" }),
    ("offered", { "\($0.offered)" }),
    ("completed", { "\($0.completed)" }),
    ("refused", { "\($0.refused)" }),
    ("failed", { "\($0.failed)" }),
    ("turns", { "\($0.turns)" }),
    ("turn_latency_p50_ms", { milliseconds($0.latencyP50) }),
    ("turn_latency_p95_ms", { milliseconds($0.latencyP95) }),
    ("turn_latency_p99_ms", { milliseconds($0.latencyP99) }),
    ("frames_received", { "\($0.framesReceived)" }),
    ("frames_late", { "\($0.framesLate)" }),
    ("frames_sent", { "\($0.framesSent)" }),
    ("frames_sent_late", { "\($0.framesSentLate)" }),
    ("server_cores", { $0.serverCores.map { LoadText.decimals($0, 3) } ?? "" }),
    ("server_resident_bytes", { $0.serverBytes.map { "\($0)" } ?? "" }),
    ("generator_cores", { LoadText.decimals($0.generatorCores, 3) }),
  ]

  private static func milliseconds(_ span: CallDuration?) -> String { span.map { "\($0.milliseconds)" } ?? "" }
}
