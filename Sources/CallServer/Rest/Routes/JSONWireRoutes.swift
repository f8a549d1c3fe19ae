import CallCore
import Formats
import JSON

extension RouteArea {
  /// Calls of clients that speak JSON only, and how fast turns are answered.
  static let jsonWire = RouteArea(
    name: "JSON wire", about: "Calls of clients that speak JSON only, and how fast turns are answered.",
    routes: [
      Route(
        "GET \(RouteTable.jsonPath)", "jsonWire", "A call whose messages are JSON throughout", scope: .call,
        .onLoop(ServerController.callWithoutSocket),
        about: """
          A WebSocket handshake without a subprotocol; `Sources/Documentation.docc/JSONWire.md` describes the messages. The key may come in the first one, \
          `init`, instead of with the handshake: a wrong one is answered by the close code 4001, one that does not count any more by 4002. A request that \
          is no handshake is 426, or 503 when no call would be taken.
          """,
        answers: [
          .empty(101, "The session begins.", .upgrade), .problem(400, "No good handshake."),
          .problem(426, "Calls are WebSocket connections of version 13.", .upgrade), .busy,
        ]),
      Route(
        "GET /api/realtime/metrics", "getTurnMetrics", "How fast turns were answered", scope: .read,
        .blocking(TurnMetricsController.metrics),
        about: """
          Over all calls of this server since its start, whichever wire they came by; quantiles are over the newest \(TurnMetrics.samplesMax) turns.
          """,
        answers: [.json(.named("TurnMetrics"), "The figures.")]),
      Route(
        "GET /api/realtime/metrics/history", "getTurnHistory", "The newest turns and what each took", scope: .read,
        .blocking(TurnMetricsController.history),
        [.query("format", .choice(["json", "csv"]).standard(.string("json")), "How it is written.")],
        answers: [
          APIResponse(
            status: 200, about: "At most \(TurnMetrics.samplesMax) turns, the oldest first.",
            content: ["application/json": .object(["samples": .list(sample)]), "text/csv": .text()], headers: []),
          .problem(400, "There is no such format."),
        ]),
    ],
    schemas: [
      "TurnMetrics": .object([
        "sttLatency": latency, "agentLatency": latency, "ttsLatency": latency, "endToEndLatency": latency,
        "activeConnections": .count, "queueDepth": .count,
        "errors": .object(["stt": .count, "agent": .count, "tts": .count, "connection": .count]),
        "quality": .object([
          "stt_accuracy": rating, "tts_quality": rating, "latency": rating, "overall": rating,
        ]),
      ])
    ])

  private static let latency = APISchema.object([
    "count": .count, "mean": .number, "p50": .count.orNull, "p95": .count.orNull, "p99": .count.orNull,
  ]).orNull
  private static let rating = APISchema.object(["count": .count, "mean": .number]).orNull
  private static let sample = APISchema.object([
    "timestamp": .count, "stt": .count.orNull, "agent": .count, "tts": .count.orNull, "e2e": .count,
    "queueDepth": .count, "activeConnections": .count,
  ])
}
