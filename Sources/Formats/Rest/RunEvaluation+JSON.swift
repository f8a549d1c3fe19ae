import CallCore
import JSON

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
