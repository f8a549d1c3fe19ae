import CallCore

/// A part of a turn's latency with its name in the page.
struct LatencyStage {
  /// As in the page's style.
  let name: String
  /// How long it took.
  let span: CallDuration

  /// The stages in their order.
  static func all(of latency: TurnLatency) -> [LatencyStage] {
    [
      LatencyStage(name: "endpoint", span: latency.endpoint),
      LatencyStage(name: "recognition", span: latency.recognition), LatencyStage(name: "flow", span: latency.flow),
      LatencyStage(name: "synthesis", span: latency.synthesis), LatencyStage(name: "playout", span: latency.playout),
    ]
  }
}
