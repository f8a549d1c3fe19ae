import CallCore
package import JSON

/// What `GET /api/realtime/metrics/history` answers: the newest turns, oldest first.
package struct TurnHistory: Sendable, Equatable {
  /// At most `TurnMetrics.samplesMax`.
  package var samples: [TurnSample]

  package init(_ samples: [TurnSample]) { self.samples = samples }

  private static let columns: [(name: String, value: @Sendable (TurnSample) -> Int?)] = [
    ("timestamp", { $0.timestamp }), ("stt", { $0.recognition }), ("agent", { $0.agent }), ("tts", { $0.synthesis }),
    ("e2e", { $0.total }), ("queueDepth", { $0.load.queueDepth }), ("activeConnections", { $0.load.connections }),
  ]

  /// As comma-separated values (RFC 4180) with a line of names; what was not measured is empty.
  package var csv: String {
    let lines = samples.map { sample in
      Self.columns.map { $0.value(sample).map { "\($0)" } ?? "" }.joined(separator: ",")
    }
    return ([Self.columns.map(\.name).joined(separator: ",")] + lines).map { "\($0)\r\n" }.joined()
  }
}

extension TurnHistory: JSONDocument {
  /// Writes the members; what was not measured is `null`.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.objects("samples", samples) { writer, sample in
      for column in Self.columns { writer.field(column.name, column.value(sample)) }
    }
  }
}
