public import CallCore
public import JSON

/// A run of a test case in the JSON of the predecessor *Voice Framework*; `Rest.md` lists the members.
public struct TestRunDocument: Sendable, JSONDocument {
  /// The run.
  public var run: TestRun
  /// Whether what was said is written; lists leave it out.
  public var hasTranscript: Bool

  /// - Parameter hasTranscript: see the property.
  public init(_ run: TestRun, hasTranscript: Bool) {
    self.run = run
    self.hasTranscript = hasTranscript
  }

  /// Several runs as one JSON array without transcripts, UTF-8.
  public static func json(of runs: [TestRun]) -> [UInt8] {
    var writer = JSONWriter(reserving: 4096 * (runs.count + 1))
    writer.list(runs) { writer, run in
      writer.object(TestRunDocument(run, hasTranscript: false).writeMembers)
    }
    return writer.bytes
  }

  /// Writes the members in the predecessor's order.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("run_id", run.id)
    writer.field("test_id", run.testID)
    writer.field("provider", run.provider)
    writer.field("status", run.status.rawValue)
    writer.field("mode", run.mode.rawValue)
    writer.field("created_at", UTCTime.text(unixMicroseconds: run.createdAtUnixMicroseconds))
    writer.field("updated_at", UTCTime.text(unixMicroseconds: run.updatedAtUnixMicroseconds))
    writer.field("provider_call_id", run.providerCallID)
    writer.field("evaluation", run.evaluation)
    guard hasTranscript else { return }
    writer.list("transcript", run.transcript) { writer, line in
      writer.object { writer in
        writer.field("speaker", line.speaker.rawValue)
        writer.field("text", line.text)
        writer.field("step_order", line.step)
        writer.field("timestamp", UTCTime.text(unixMicroseconds: line.atUnixMicroseconds))
      }
    }
  }
}
