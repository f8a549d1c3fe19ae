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
    write(run.summary, to: &writer)
    writer.objects("cases", run.results) { write($1, to: &$0) }
  }

  /// Everything but the cases.
  package static func write(_ run: RunSummary, to writer: inout JSONWriter) {
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
    if let calls = run.improvisedCalls {
      writer.object("improvised") { writer in
        writer.field("calls", calls.all)
        writer.field("spoiled", calls.spoiled)
        writer.field("usable", run.isUsable)
      }
    }
    if run.repeats > 1 { write(RepeatedCase.all(of: run), to: &writer) }
    write(VariedShare.all(of: run), to: &writer)
    writer.object("figures") { write(RunFigures(run), to: &$0) }
    if let calibration = run.calibration { writer.object("calibration") { write(calibration, to: &$0) } }
    writer.list("notRun", run.notRun) { writer, id in writer.value(id) }
  }

  private static func write(_ cases: [RepeatedCase], to writer: inout JSONWriter) {
    writer.object("repeated") { writer in
      writer.field("cases", cases.count)
      writer.field("passedOnce", cases.count { $0.passedOnce })
      writer.field("passedAlways", cases.count { $0.passedAlways })
      writer.objects("byCase", cases) { writer, one in
        writer.field("id", one.id)
        writer.field("ran", one.ran)
        writer.field("passed", one.passed)
        writer.field("passedOnce", one.passedOnce)
        writer.field("passedAlways", one.passedAlways)
      }
    }
  }

  private static func write(_ shares: [VariedShare], to writer: inout JSONWriter) {
    guard !shares.isEmpty else { return }
    writer.objects("varied", shares) { writer, share in
      writer.field("id", share.id)
      writer.field("property", share.value.property.rawValue)
      writer.field("value", share.value.label)
      writer.field("ran", share.ran)
      writer.field("passed", share.passed)
    }
  }

  private static func write(_ figures: RunFigures, to writer: inout JSONWriter) {
    write("latency", figures.latencies, to: &writer)
    write("yield", figures.yields, to: &writer)
    write("wordErrors", figures.wordErrors, to: &writer)
    writer.object("agentInterruptions") { writer in
      writer.field("count", figures.agentInterruptions.count)
      writer.field("turns", figures.agentInterruptions.ofTurns)
    }
    writer.object("falseEnds") { writer in
      writer.field("count", figures.falseEnds)
      writer.field("turns", figures.agentInterruptions.ofTurns)
    }
    writer.object("latencyByEnd") { writer in
      for ending in TurnEnding.allCases {
        guard let spans = figures.latenciesByEnding[ending] else { continue }
        write(ending.rawValue, spans, to: &writer)
      }
    }
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

extension JSONReport {
  static func write(_ result: CaseResult, to writer: inout JSONWriter) {
    let test = result.testCase
    writer.field("id", test.id)
    writer.field("title", test.title)
    writer.field("attempt", result.attempt)
    writer.field("seed", String(result.seed))
    writer.field("mode", result.mode.rawValue)
    writer.field("verdict", result.verdict.rawValue)
    writer.objects("reasons", result.reasons) { write($1, to: &$0) }
    writer.field("replay", result.replay)
    writer.list("tags", test.tags) { writer, tag in writer.value(tag) }
    writer.field("file", test.source.file.isEmpty ? nil : test.source.file)
    writer.field("line", test.source.line)
    writer.field("flow", test.agent.flow)
    writer.field("fault", test.agent.fault?.rawValue)
    writer.field("mustFail", test.mustFail?.rawValue)
    if !test.varied.isEmpty {
      writer.object("varied") { writer in
        for value in test.varied { writer.field(value.property.rawValue, value.label) }
      }
    }
    writer.field("failure", result.evidence.failure?.description)
    writer.objects("turns", result.turns) { write($1, to: &$0) }
    writer.objects("checks", result.checks) { write($1, to: &$0) }
    if !result.judged.isEmpty { writer.objects("judged", result.judged) { write($1, to: &$0) } }
    writer.object("metrics") { write(result.metrics, to: &$0) }
    if let record = result.evidence.record {
      writer.field("ended", record.reason?.rawValue)
      writer.field("outcome", record.outcome)
      writer.field("finalState", record.finalState)
      writer.field("slots", record.slots)
    }
    writer.list("transcript", result.transcript) { writer, entry in writer.object(entry.writeMembers) }
    if let tools = result.evidence.calledTools, !tools.isEmpty {
      writer.objects("toolCalls", tools) { writer, tool in
        writer.field("at", tool.at.milliseconds)
        writer.field("name", tool.name)
        writer.field("arguments", tool.arguments ?? .null)
      }
    }
    if let improvised = result.evidence.improvised {
      writer.object("improvised") { write(improvised, discarded: result.discarded, to: &$0) }
    }
    writer.field("durationMs", result.metrics.duration.milliseconds)
    if result.evidence.wire != .voiceforge { writeForeign(result, to: &writer) }
  }

  /// Of a caller with a goal.
  private static func write(
    _ improvised: ImprovisedCall, discarded: [DiscardedCall], to writer: inout JSONWriter
  ) {
    writer.field("goal", improvised.goal.rawValue)
    writer.field("model", improvised.model)
    writer.field("promptVersion", CallerPrompt.version)
    if let misbehavior = improvised.misbehavior { writer.object("misbehavior") { write(misbehavior, to: &$0) } }
    writer.objects("discarded", discarded) { writer, call in
      writer.field("seed", String(call.seed))
      write(call.misbehavior, to: &writer)
    }
  }

  private static func write(_ misbehavior: Misbehavior, to writer: inout JSONWriter) {
    writer.field("kind", misbehavior.kind.rawValue)
    writer.field("detail", misbehavior.detail)
  }

  /// Of a call over somebody else's wire.
  private static func writeForeign(_ result: CaseResult, to writer: inout JSONWriter) {
    writer.field("wire", result.evidence.wire.rawValue)
    writer.field("words", result.evidence.isByEar ? "by ear" : "told")
    if result.evidence.record == nil { writer.field("ended", CallReading.lastReason(in: result.evidence)?.rawValue) }
    writer.list("skipped", result.skippedChecks) { writer, check in
      writer.object { writer in
        writer.field("kind", check.kind.rawValue)
        writer.field("turn", check.turn)
        writer.field("expected", check.expected)
        writer.field("line", check.line)
      }
    }
    writer.list("conformance", result.evidence.findings) { writer, finding in
      writer.object { writer in
        switch finding.code {
        case .number(let number): writer.field("code", number)
        case .name(let name): writer.field("code", name)
        }
        writer.field("text", finding.text)
        writer.field("offset", finding.offset)
      }
    }
    if !result.evidence.isByEar { writeTold(result.evidence, to: &writer) }
  }

  /// Of a call over a wire of others that tells the agent's words.
  private static func writeTold(_ evidence: CallEvidence, to writer: inout JSONWriter) {
    writer.objects("compared", evidence.comparedWords) { writer, words in
      writer.field("at", words.at.milliseconds)
      writer.field("told", words.told)
      writer.field("heard", words.heard)
      write("wordErrors", words.errors, to: &writer)
    }
  }

  private static func write(_ check: CheckResult, to writer: inout JSONWriter) {
    writer.field("kind", check.kind.rawValue)
    writer.field("turn", check.turn)
    writer.field("verdict", check.verdict.rawValue)
    writer.field("expected", check.expected)
    writer.field("actual", check.actual)
    writer.field("at", check.at?.milliseconds)
    writer.field("line", check.line)
  }

  static func write(_ criterion: JudgedCriterion, to writer: inout JSONWriter) {
    writer.field("criterion", criterion.text)
    writer.field("never", criterion.isAbsent)
    writer.field("line", criterion.line)
    writer.field("result", criterion.outcome.rawValue)
    writer.field("reason", criterion.reason.isEmpty ? nil : criterion.reason)
    writer.field("promptVersion", ModelJudge.promptVersion)
    writer.objects("votes", criterion.votes) { writer, vote in
      writer.field("answer", vote.answer?.rawValue)
      writer.field("quote", vote.quote)
      writer.field("why", vote.why)
      writer.field("at", vote.at?.milliseconds)
      writer.field("counts", vote.counts)
      writer.field("fault", vote.fault)
      writer.field("model", vote.model)
    }
  }

  private static func write(_ turn: TurnResult, to writer: inout JSONWriter) {
    writer.field("number", turn.number)
    writer.field("deed", turn.action)
    writer.field("reached", turn.isReached)
    if turn.repeats > 0 { writer.field("repeated", turn.repeats) }
    writer.field("said", turn.said)
    writer.field("spoken", turn.spoken)
    writer.field("began", turn.began?.milliseconds)
    writer.field("ended", turn.ended?.milliseconds)
    writer.field("understood", turn.understood)
    write("wordErrors", turn.wordErrors, to: &writer)
    writer.field("reply", turn.reply)
    writer.field("replyAt", turn.replyAt?.milliseconds)
    writer.field("latencyMs", turn.latency?.milliseconds)
    if let stages = turn.stages { writer.object("server", stages.writeMembers) }
    writer.field("yieldMs", turn.yield?.milliseconds)
    writer.field("state", turn.state.isEmpty ? nil : turn.state)
    writer.objects("checks", turn.checks) { write($1, to: &$0) }
  }

  private static func write(_ metrics: CallMetrics, to writer: inout JSONWriter) {
    writer.field("turnsWritten", metrics.turnsWritten)
    writer.field("turnsReached", metrics.turnsReached)
    writer.list("latenciesMs", metrics.latencies) { writer, span in writer.value(span.milliseconds) }
    writer.list("yieldsMs", metrics.yields) { writer, span in writer.value(span.milliseconds) }
    writer.field("talkOverMs", metrics.talkOver.milliseconds)
    writer.field("agentInterruptions", metrics.agentInterruptions)
    writer.field("falseEnds", metrics.falseEnds)
    if !metrics.interruptionsTakenBack.isEmpty {
      writer.list("interruptionsTakenBackMs", metrics.interruptionsTakenBack) { $0.value($1.milliseconds) }
    }
    writer.field("missedTurns", metrics.missedTurns)
    write("wordErrors", metrics.wordErrors, to: &writer)
    writer.field("dropouts", metrics.dropouts)
    writer.field("clippedSamples", metrics.clippedSamples)
    writer.field("agentLevelTenths", metrics.agentLevelTenths)
    writer.field("noiseRatioTenths", metrics.noiseRatioTenths)
    writer.field("lossPermille", metrics.lossPermille)
  }
}
