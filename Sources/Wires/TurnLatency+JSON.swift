package import CallCore
package import JSON

extension TurnLatency {
  init(_ fields: JSONFields) throws(WireFault) {
    let stages = try fields.object("stages")
    self.init(
      turn: try fields.turn("turn"), endpoint: try stages.span("endpointMs"),
      recognition: try stages.span("recognitionMs"), flow: try stages.span("flowMs"),
      synthesis: try stages.span("synthesisMs"), playout: try stages.span("playoutMs"))
    let latency = try fields.number("latencyMs", 0...WireLimits.millisecondsMax * 5)
    guard latency == total.milliseconds else {
      throw WireFault(
        .outOfRange, "\(fields.place).latencyMs: expected the stages' sum \(total.milliseconds), got \(latency)")
    }
  }

  /// Whole milliseconds whose sum is the rounded sum: the instants between the stages are rounded, not the stages.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.field("turn", turn.number)
    writer.field("latencyMs", total.milliseconds)
    var elapsed = CallDuration.zero
    func milliseconds(_ stage: CallDuration) -> Int {
      let before = elapsed.milliseconds
      elapsed = elapsed.clampedSum(stage)
      return elapsed.milliseconds - before
    }
    writer.object("stages") { writer in
      writer.field("endpointMs", milliseconds(endpoint))
      writer.field("recognitionMs", milliseconds(recognition))
      writer.field("flowMs", milliseconds(flow))
      writer.field("synthesisMs", milliseconds(synthesis))
      writer.field("playoutMs", milliseconds(playout))
    }
  }
}
