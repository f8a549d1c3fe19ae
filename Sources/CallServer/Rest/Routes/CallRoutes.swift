import CallCore
import JSON
import Wires

extension RouteArea {
  /// Calls and their history.
  static let calls = RouteArea(
    name: "Calls", about: "Calls over WebSockets, and those that are over.",
    routes: [
      Route(
        "GET /v1/call", "call", "Place a call", scope: .call, .onLoop(ServerController.callWithoutSocket),
        about: """
          A WebSocket handshake (RFC 6455) with the subprotocol `voiceforge.v1`. Messages are JSON objects with a `type`, and binary frames \
          of one audio packet each; `Sources/Documentation.docc/Wire.md` describes both. Pages, whose WebSockets can carry no header, put a call token \
          into the query instead of a key. A request that is no handshake is 426, or 503 when no call would be taken.
          """,
        answers: [
          .empty(101, "The call begins.", .upgrade),
          .problem(400, "No good handshake, or another subprotocol."),
          .problem(426, "Calls are WebSocket connections of version 13.", .upgrade), .busy,
        ]),
      Route(
        "GET /api/calls", "listCalls", "The history, newest first", scope: .read, .blocking(CallController.list),
        [
          .query("flow", .text(), "Only calls to this flow."),
          .query("outcome", .text(), "Only calls with this outcome."),
          .query("reason", .choice(CloseReason.allCases.map(\.rawValue)), "Only calls that ended so."),
          .query("limit", .whole(1...200).standard(.integer(50)), "Calls on a page."),
          .query("cursor", .text(), "`nextCursor` of the page before."),
        ],
        answers: [
          .json(
            .object(["calls": .list(.named("CallSummary")), "nextCursor": .text().orNull]), "A page of the history."),
          .problem(400, "A filter, limit or cursor that makes no sense."),
        ]),
      Route(
        "GET /api/calls/{id}", "getCall", "The record of a call", scope: .read, .blocking(CallController.one),
        answers: [.json(.named("Call"), "The record."), .problem(404, "No such call, or it is not kept any more.")]),
      Route(
        "GET /api/calls/{id}/spans", "getSpans", "Where the time of a call went, drawn as text", scope: .read,
        .blocking(CallController.spans),
        about: """
          The turns of the call with the stages of their latency, what the agent said and the tools that a language model called, each as a \
          line with a bar. Nothing that was said stands in it. `Tracing.md` describes the spans, which a collector of OpenTelemetry gets in \
          more detail.
          """,
        answers: [
          .file(["text/plain"], "The drawing."), .problem(404, "No such call, or it is not kept any more."),
        ]),
      Route(
        "GET /api/calls/{id}/recording", "getRecording", "What was heard in a call", scope: .read,
        .blocking(CallController.recording),
        [.range],
        answers: [
          .file(["audio/wav"], "16 kHz stereo PCM16: the caller left, the agent right."),
          .file(["audio/wav"], "The bytes that `Range` asks for.", status: 206, .contentRange),
          .problem(404, "No such call, or it has no recording."),
          .empty(416, "`Range` begins behind the end.", .contentRange),
        ]),
    ],
    schemas: [
      "CallSummary": .object([
        "id": .text(), "flow": .text(), "wire": .text(), "startedAt": .instant, "durationMs": .count, "turns": .count,
        "reason": .choice(CloseReason.allCases.map(\.rawValue)).orNull, "outcome": .text().orNull,
        "hasRecording": .flag, "latencyP50Ms": .count.orNull,
      ]),
      "Call": .object(
        [
          "id": .text(), "flow": .text(), "voice": .text(), "codec": .text(), "startedAt": .instant,
          "durationMs": .count, "reason": .choice(CloseReason.allCases.map(\.rawValue)).orNull,
          "outcome": .text().orNull, "finalState": .text().orNull, "slots": .texts, "metadata": .texts, "turns": .count,
          "transcript": .list(.named("CallLine")), "timeline": .list(.named("CallEvent")),
          "toolCalls": .list(.named("ToolCall")), "turnLatencies": .list(.named("TurnLatency")),
          "audio": .named("AudioCounts"), "echoDelayMs": .count, "node": .text(), "hasRecording": .flag,
          "recordingBytes": .count.orNull,
        ], optional: ["echoDelayMs", "node"]),
      "CallLine": .object([
        "turn": .count, "role": .choice(["caller", "agent"]), "text": .text(), "at": .count,
        "source": .choice(["speech", "keys", "text"]), "utterance": .count.orNull, "interrupted": .flag,
        "heardText": .text(), "heardMs": .count,
      ]),
      "CallEvent": .object(["at": .count, "kind": .text(), "detail": .text()]),
      "ToolCall": .object([
        "call": .count, "turn": .count, "at": .count, "name": .text(), "arguments": .texts,
        "state": .choice(ToolCallEntry.State.allCases.map(\.rawValue)), "durationMs": .count.orNull, "detail": .text(),
      ]),
      "TurnLatency": .object(
        [
          "turn": .count, "latencyMs": .count,
          "stages": .object([
            "endpointMs": .count, "recognitionMs": .count, "flowMs": .count, "synthesisMs": .count, "playoutMs": .count,
          ]),
          "model": .object(["firstTokenMs": .count, "firstSentenceMs": .count, "toolsMs": .count]),
          "endedBy": .choice(TurnEnding.allCases.map(\.rawValue)),
        ], optional: ["model", "endedBy"]),
      "AudioCounts": .object([
        "received": .count, "lost": .count, "concealed": .count, "late": .count, "dropped": .count,
      ]),
    ])
}
