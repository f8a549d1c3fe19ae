import CallCore
import JSON
import Wires

extension JSONReport {
  static func write(_ result: CaseResult, to writer: inout JSONWriter) {
    let test = result.testCase
    writer.field("id", test.id)
    writer.field("title", test.title)
    writer.field("attempt", result.attempt)
    writer.field("seed", String(result.seed))
    writer.field("mode", result.mode.rawValue)
    writer.field("verdict", result.verdict.rawValue)
    writer.list("reasons", result.reasons) { writer, reason in writer.object { write(reason, to: &$0) } }
    writer.field("replay", result.replay)
    writer.list("tags", test.tags) { writer, tag in writer.value(tag) }
    writer.field("file", test.source.file.isEmpty ? nil : test.source.file)
    writer.field("line", test.source.line)
    writer.field("flow", test.agent.flow)
    writer.field("fault", test.agent.fault?.rawValue)
    writer.field("mustFail", test.mustFail?.rawValue)
    writer.field("failure", result.evidence.failure?.description)
    writer.list("turns", result.turns) { writer, turn in writer.object { write(turn, to: &$0) } }
    writer.list("checks", result.checks) { writer, check in writer.object { write(check, to: &$0) } }
    writer.object("metrics") { write(result.metrics, to: &$0) }
    if let record = result.evidence.record {
      writer.field("ended", record.reason?.rawValue)
      writer.field("outcome", record.outcome)
      writer.field("finalState", record.finalState)
      writer.field("slots", record.slots)
    }
    writer.list("transcript", result.transcript) { writer, entry in writer.object(entry.writeMembers) }
    writer.field("durationMs", result.metrics.duration.milliseconds)
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

  private static func write(_ turn: TurnResult, to writer: inout JSONWriter) {
    writer.field("number", turn.number)
    writer.field("deed", turn.deed)
    writer.field("reached", turn.isReached)
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
    writer.list("checks", turn.checks) { writer, check in writer.object { write(check, to: &$0) } }
  }

  private static func write(_ metrics: CallMetrics, to writer: inout JSONWriter) {
    writer.field("turnsWritten", metrics.turnsWritten)
    writer.field("turnsReached", metrics.turnsReached)
    writer.list("latenciesMs", metrics.latencies) { writer, span in writer.value(span.milliseconds) }
    writer.list("yieldsMs", metrics.yields) { writer, span in writer.value(span.milliseconds) }
    writer.field("talkOverMs", metrics.talkOver.milliseconds)
    writer.field("agentInterruptions", metrics.agentInterruptions)
    writer.field("falseEnds", metrics.falseEnds)
    writer.field("missedTurns", metrics.missedTurns)
    write("wordErrors", metrics.wordErrors, to: &writer)
    writer.field("dropouts", metrics.dropouts)
    writer.field("clippedSamples", metrics.clippedSamples)
    writer.field("agentLevelTenths", metrics.agentLevelTenths)
    writer.field("noiseRatioTenths", metrics.noiseRatioTenths)
    writer.field("lossPermille", metrics.lossPermille)
  }
}
