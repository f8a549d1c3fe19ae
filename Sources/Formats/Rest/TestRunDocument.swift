public import CallCore
public import JSON

/// A run of a test case in the JSON of the predecessor *Voice Framework*; `Rest.md` lists the members.
public struct TestRunDocument: Sendable, JSONDocument {
  /// The run.
  public var run: TestRun
  /// Whether what was said is written; lists leave it out.
  public var hasTranscript: Bool

  package init(_ run: TestRun, hasTranscript: Bool) {
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

/// What `POST /test/run` answers.
public struct TestRunResponse: Sendable, JSONDocument {
  /// The run, over or under way.
  public var run: TestRun

  /// - Parameter run: over or under way.
  public init(_ run: TestRun) { self.run = run }

  /// Writes the members in the predecessor's order.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("run_id", run.id)
    // The predecessor's clients know no queue: whatever is not over is running for them.
    writer.field("status", (run.status.isOver ? run.status : .running).rawValue)
    writer.field("provider_call_id", run.providerCallID)
    writer.field("evaluation", run.evaluation)
  }
}

/// How far a run of a test case is.
public struct TestRunProgress: Sendable, JSONDocument {
  /// The run.
  public var run: TestRun
  /// Microseconds since 1970 UTC.
  public var nowUnixMicroseconds: Int64

  package init(_ run: TestRun, nowUnixMicroseconds: Int64) {
    self.run = run
    self.nowUnixMicroseconds = nowUnixMicroseconds
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    let end = run.status.isOver ? run.updatedAtUnixMicroseconds : nowUnixMicroseconds
    // Out of a database, which may hold any 64 bits.
    let (passed, isTooGreat) = end.subtractingReportingOverflow(run.createdAtUnixMicroseconds)
    let elapsed = CallDuration.microseconds(isTooGreat ? (end < 0 ? 0 : .max) : max(passed, 0))
    writer.field("run_id", run.id)
    writer.field("status", run.status.rawValue)
    writer.field("turns_done", run.turnsDone)
    writer.field("turns_all", run.turnsAll)
    writer.field("elapsed_ms", elapsed.milliseconds)
  }
}

extension JSONWriter {
  /// A member that is the predecessor's `evaluation`; `null` for `nil`.
  mutating func field(_ name: String, _ evaluation: RunEvaluation?) {
    guard let evaluation else { return field(name, String?.none) }
    object(name) { writer in
      writer.field("status", evaluation.isPassed ? "pass" : "fail")
      writer.field("sentiment_summary", evaluation.summary)
      writer.object("zipper_report") { writer in
        writer.field("overall_passed", evaluation.failures.isEmpty)
        writer.list("failures", evaluation.failures) { $0.value($1) }
        writer.findings(evaluation.findings)
        writer.list("steps", evaluation.steps) { writer, step in writer.object { $0.members(of: step) } }
        writer.object("metrics") { $0.metrics(of: evaluation) }
      }
    }
  }

  private mutating func members(of step: RunStep) {
    field("step_order", step.number)
    field("expected_user_input", step.expectedInput)
    field("actual_user_input", step.actualInput)
    list("expected_keywords", step.keywords) { $0.value($1) }
    field("exact_match_required", step.isExact)
    field("agent_response", step.reply)
    field("passed", step.isPassed)
    field("details", step.details)
    findings(step.findings)
  }

  private mutating func findings(_ findings: [RunFinding]) {
    list("findings", findings) { writer, finding in
      writer.object { writer in
        writer.field("turn", finding.turn)
        writer.field("kind", finding.kind)
        writer.field("text", finding.text)
        writer.field("invalid", finding.isInvalid)
      }
    }
  }

  private mutating func metrics(of evaluation: RunEvaluation) {
    let failed = evaluation.failedSteps
    field("total_steps", evaluation.steps.count)
    field("steps_passed", evaluation.steps.count - failed.count)
    field("steps_failed", failed.count)
    list("failure_steps", failed) { $0.value($1) }
    field("first_failure_step", failed.first)
    field("user_deviation_detected", evaluation.deviates)
    field("coverage", thousandths: evaluation.coverageThousandths)
  }
}
