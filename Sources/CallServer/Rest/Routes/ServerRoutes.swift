import CallCore
import JSON
import Formats

extension RouteArea {
  /// How the server is.
  static let server = RouteArea(
    name: "Server", about: "How the server is.",
    routes: [
      Route(
        "GET /openapi.json", "getDocument", "This document", scope: nil, .onLoop(ServerController.document),
        answers: [.json(.anyObject, "The document.")]),
      Route(
        "GET /healthz", "getHealth", "Whether the process answers", scope: nil, .onLoop(ServerController.health),
        answers: [health]),
      Route(
        "GET /readyz", "getReadiness", "Whether calls are taken", scope: nil, .onLoop(ServerController.readiness),
        answers: readiness),
      Route(
        "GET /api/health", "getHealthOfAPI", "Whether the process answers", scope: nil,
        .onLoop(ServerController.health), about: "The same as `/healthz`.", answers: [health]),
      Route(
        "GET /api/live", "getLiveness", "Whether the process answers", scope: nil, .onLoop(ServerController.health),
        about: "The same as `/healthz`.", answers: [health]),
      Route(
        "GET /api/ready", "getReadinessOfAPI", "Whether calls are taken", scope: nil,
        .onLoop(ServerController.readiness), about: "The same as `/readyz`.", answers: readiness),
      Route(
        "GET /metrics", "getMetrics", "Figures for Prometheus", scope: .read, .onLoop(ServerController.metrics),
        answers: [.file(["text/plain"], "Text of the format 0.0.4.")]),
      Route(
        "PUT /api/drain", "drain", "Take the server out of service, or bring it back", scope: .manage,
        .onLoop(ServerController.drain),
        about: """
          While it goes out of service, `/readyz` answers 503 at once. After the seconds of `serve --lame-duck` calls are refused; those that are \
          up go on for as long as they last. The process goes on until it is told to stop. Again changes nothing.
          """,
        body: .json(
          .request(["draining": .flag.about("Whether it is to be out of service.")], required: ["draining"]),
          "What is wanted.", bytesMax: DrainRequest.bytesMax),
        answers: [
          .json(.named("Drain"), "How far it is."), .problem(400, "The body is not JSON."),
          .problem(409, "The process ends; there is no way back."), .problem(422, "A member is wrong."),
        ]),
    ],
    schemas: [
      "Readiness": .object([
        "status": .choice(["ready", "degraded", "loading", "failed"]),
        "parts": .list(
          .object([
            "name": .text(), "state": .choice(["ready", "degraded", "loading", "failed", "off"]), "detail": .text(),
          ])),
        "node": .text().orNull, "draining": .flag,
      ]),
      "Drain": .object([
        "state": .choice(Drain.Phase.allCases.map(\.rawValue)), "node": .text().orNull, "calls": .count,
        "lameDuckSeconds": .count,
      ]),
      "Problem": .object([
        "type": .text(format: "uri-reference"), "title": .text(), "status": .whole(400...599), "detail": .text(),
      ]),
      "FaultyText": .object([
        "type": .text(format: "uri-reference"), "title": .text(), "status": .whole(400...400), "detail": .text(),
        "faults": .list(.named("Fault")),
      ]),
      "Fault": .object([
        "line": .count, "column": .count, "kind": .choice(FileFaultKind.allCases.map(\.rawValue)), "message": .text(),
      ]),
    ])

  private static let health = APIResponse.json(
    .object(["status": .choice(["ok"]), "version": .text()]), "It does.")
  private static let readiness: [APIResponse] = [
    .json(.named("Readiness"), "Calls are taken, perhaps without a history."),
    .json(.named("Readiness"), status: 503, "Calls are not taken now."),
  ]
}
