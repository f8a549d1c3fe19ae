package import CallCore
package import JSON

/// Runs of test cases in the JSON of the predecessor *Voice Framework*, members in its order.
extension JSONObject {
  /// A run.
  /// - Parameter hasTranscript: whether what was said is written; lists leave it out.
  package static func testRun(_ run: TestRun, hasTranscript: Bool) -> JSONObject {
    JSONObject { writer in
      writer.field("run_id", run.id)
      writer.field("test_id", run.testID)
      writer.field("provider", run.provider)
      writer.field("status", run.status.rawValue)
      writer.field("mode", run.mode.rawValue)
      writer.field("created_at", instant: run.createdAtUnixMicroseconds)
      writer.field("updated_at", instant: run.updatedAtUnixMicroseconds)
      writer.field("provider_call_id", run.providerCallID)
      writer.field("evaluation", run.evaluation)
      guard hasTranscript else { return }
      writer.objects("transcript", run.transcript) { writer, line in
        writer.field("speaker", line.speaker.rawValue)
        writer.field("text", line.text)
        writer.field("step_order", line.step)
        writer.field("timestamp", instant: line.atUnixMicroseconds)
      }
    }
  }

  /// What `POST /test/run` answers, for a run that is over or under way.
  package static func startedTestRun(_ run: TestRun) -> JSONObject {
    JSONObject { writer in
      writer.field("run_id", run.id)
      // The predecessor's clients know no queue: whatever is not over is running for them.
      writer.field("status", (run.status.isOver ? run.status : .running).rawValue)
      writer.field("provider_call_id", run.providerCallID)
      writer.field("evaluation", run.evaluation)
    }
  }

  /// How far a run is.
  /// - Parameter now: microseconds since 1970 UTC.
  package static func testRunProgress(_ run: TestRun, nowUnixMicroseconds now: Int64) -> JSONObject {
    JSONObject { writer in
      let end = run.status.isOver ? run.updatedAtUnixMicroseconds : now
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
}

extension JSONWriter {
  /// A member that is the predecessor's `evaluation`; `null` for `nil`.
  fileprivate mutating func field(_ name: String, _ evaluation: RunEvaluation?) {
    guard let evaluation else { return field(name, String?.none) }
    object(name) { writer in
      writer.field("status", evaluation.isPassed ? "pass" : "fail")
      writer.field("sentiment_summary", evaluation.summary)
      writer.object("zipper_report") { writer in
        writer.field("overall_passed", evaluation.failures.isEmpty)
        writer.list("failures", evaluation.failures)
        writer.findings(evaluation.findings)
        writer.objects("judged", evaluation.judgements) { $0.members(of: $1) }
        writer.objects("similarities", evaluation.similarities) { $0.members(of: $1) }
        writer.objects("steps", evaluation.steps) { $0.members(of: $1) }
        writer.object("metrics") { $0.metrics(of: evaluation) }
      }
    }
  }

  private mutating func members(of step: RunStep) {
    field("step_order", step.number)
    field("expected_user_input", step.expectedInput)
    field("actual_user_input", step.actualInput)
    list("expected_keywords", step.keywords)
    field("exact_match_required", step.isExact)
    field("agent_response", step.reply)
    field("passed", step.isPassed)
    field("details", step.details)
    findings(step.findings)
  }

  private mutating func findings(_ findings: [RunFinding]) {
    objects("findings", findings) { writer, finding in
      writer.field("turn", finding.turn)
      writer.field("kind", finding.kind)
      writer.field("text", finding.text)
      writer.field("invalid", finding.isInvalid)
    }
  }

  private mutating func members(of judgement: RunJudgement) {
    field("statement", judgement.statement)
    field("never", judgement.isAbsent)
    field("outcome", judgement.outcome)
    field("reason", judgement.reason)
    objects("votes", judgement.votes) { writer, vote in
      writer.field("answer", vote.answer)
      writer.field("quote", vote.quote)
      writer.field("why", vote.why)
      writer.field("fault", vote.fault)
      writer.field("at_ms", vote.atMilliseconds)
      writer.field("model", vote.model)
    }
  }

  private mutating func members(of similarity: RunSimilarity) {
    field("turn", similarity.turn)
    field("expected", similarity.expected)
    field("found", similarity.found)
    if let thousandths = similarity.thousandths {
      field("score", thousandths: thousandths)
    } else {
      field("score", Int?.none)
    }
    field("passed", similarity.isPassed)
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
