public import CallCore
public import JSON

/// A run of a test case as databases keep it: JSON without loss, in two parts like a call's (`CallArchive`).
public enum TestRunArchive {
  /// Everything but what was said.
  public static func summary(of run: TestRun) -> [UInt8] {
    var writer = JSONWriter(reserving: 2048)
    writer.object { writer in
      writer.field("id", run.id)
      writer.field("testID", run.testID)
      writer.field("provider", run.provider)
      writer.field("mode", run.mode.rawValue)
      writer.field("status", run.status.rawValue)
      writer.field("createdAtUs", run.createdAtUnixMicroseconds)
      writer.field("updatedAtUs", run.updatedAtUnixMicroseconds)
      writer.field("metadata", run.metadata)
      writer.field("providerCallID", run.providerCallID)
      writer.field("transcriptDropped", run.transcriptDropped)
      writer.field("turnsDone", run.turnsDone)
      writer.field("turnsAll", run.turnsAll)
      if let evaluation = run.evaluation { writer.object("evaluation") { write(evaluation, to: &$0) } }
    }
    return writer.bytes
  }

  /// What was said.
  public static func transcript(of run: TestRun) -> [UInt8] {
    var writer = JSONWriter(reserving: 2048)
    writer.object { writer in
      writer.list("lines", run.transcript) { writer, line in
        writer.object { writer in
          writer.field("speaker", line.speaker.rawValue)
          writer.field("text", line.text)
          writer.field("step", line.step)
          writer.field("atUs", line.atUnixMicroseconds)
        }
      }
    }
    return writer.bytes
  }

  /// - Parameters:
  ///   - summary: as `summary(of:)` wrote it.
  ///   - transcript: as `transcript(of:)` wrote it; `nil` for a run without.
  public static func run(summary: [UInt8], transcript: [UInt8]?) throws(WireFault) -> TestRun {
    let fields = try JSONFields(archived: summary, place: "run")
    var run = TestRun(
      id: try fields.text("id"), testID: try fields.text("testID"), provider: try fields.text("provider"),
      mode: try fields.choice("mode", of: TestRun.Mode.allCases),
      createdAtUnixMicroseconds: try fields.microseconds("createdAtUs"), turnsAll: try fields.number("turnsAll"))
    run.status = try fields.choice("status", of: TestRun.Status.allCases)
    run.updatedAtUnixMicroseconds = try fields.microseconds("updatedAtUs")
    run.metadata = try fields.texts("metadata")
    run.providerCallID = try fields.optionalText("providerCallID")
    run.transcriptDropped = try fields.number("transcriptDropped")
    run.turnsDone = try fields.number("turnsDone")
    if let evaluation = try fields.optionalObject("evaluation") { run.evaluation = try self.evaluation(evaluation) }
    guard let transcript else { return run }
    run.transcript = try JSONFields(archived: transcript, place: "transcript").list("lines", line)
    return run
  }

  private static func write(_ evaluation: RunEvaluation, to writer: inout JSONWriter) {
    writer.field("isPassed", evaluation.isPassed)
    writer.field("summary", evaluation.summary)
    writer.list("failures", evaluation.failures) { $0.value($1) }
    write(evaluation.findings, to: &writer)
    writer.field("deviates", evaluation.deviates)
    writer.list("steps", evaluation.steps) { writer, step in
      writer.object { writer in
        writer.field("number", step.number)
        writer.field("expectedInput", step.expectedInput)
        writer.field("actualInput", step.actualInput)
        writer.list("keywords", step.keywords) { $0.value($1) }
        writer.field("isExact", step.isExact)
        writer.field("reply", step.reply)
        writer.field("isReached", step.isReached)
        writer.field("isPassed", step.isPassed)
        writer.field("details", step.details)
        write(step.findings, to: &writer)
      }
    }
  }

  private static func write(_ findings: [RunFinding], to writer: inout JSONWriter) {
    writer.list("findings", findings) { writer, finding in
      writer.object { writer in
        writer.field("turn", finding.turn)
        writer.field("kind", finding.kind)
        writer.field("text", finding.text)
        writer.field("isInvalid", finding.isInvalid)
      }
    }
  }

  private static func finding(_ fields: JSONFields) throws(WireFault) -> RunFinding {
    RunFinding(
      turn: try fields.optionalNumber("turn", 1...CaseLimits.turnsMax), kind: try fields.text("kind"),
      text: try fields.text("text"), isInvalid: try fields.isSet("isInvalid"))
  }

  private static func evaluation(_ fields: JSONFields) throws(WireFault) -> RunEvaluation {
    var evaluation = RunEvaluation(
      isPassed: try fields.flag("isPassed"), summary: try fields.text("summary"),
      failures: try fields.textList("failures"), steps: try fields.list("steps", step),
      deviates: try fields.isSet("deviates"))
    evaluation.findings = try fields.list("findings", finding)
    return evaluation
  }

  private static func step(_ fields: JSONFields) throws(WireFault) -> RunStep {
    var step = RunStep(
      number: try fields.number("number"), expectedInput: try fields.text("expectedInput"),
      keywords: try fields.textList("keywords"), isExact: try fields.isSet("isExact"))
    step.actualInput = try fields.text("actualInput")
    step.reply = try fields.text("reply")
    step.isReached = try fields.isSet("isReached")
    step.isPassed = try fields.isSet("isPassed")
    step.details = try fields.text("details")
    step.findings = try fields.list("findings", finding)
    return step
  }

  private static func line(_ fields: JSONFields) throws(WireFault) -> TestRunUtterance {
    TestRunUtterance(
      speaker: try fields.choice("speaker", of: TestRunUtterance.Speaker.allCases), text: try fields.text("text"),
      step: try fields.number("step"), atUnixMicroseconds: try fields.microseconds("atUs"))
  }
}
