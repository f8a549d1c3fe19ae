import JSON
import Formats

extension APIArea {
  /// How the server is.
  static let server = APIArea(
    name: "Server", about: "How the server is.",
    operations: [
      APIOperation(
        "GET /openapi.json", "getDocument", "This document", canBeBusy: false,
        answers: [.json(.anyObject, "The document.")]),
      APIOperation(
        "GET /healthz", "getHealth", "Whether the process answers", canBeBusy: false,
        answers: [
          .json(.object(["status": .choice(["ok"]), "version": .text()]), "It does.")
        ]),
      APIOperation(
        "GET /readyz", "getReadiness", "Whether calls are taken", canBeBusy: false,
        answers: [
          .json(.named("Readiness"), "Calls are taken, perhaps without a history."),
          .json(.named("Readiness"), status: 503, "Calls are not taken now."),
        ]),
      APIOperation(
        "GET /metrics", "getMetrics", "Figures for Prometheus", canBeBusy: false,
        answers: [.file(["text/plain"], "Text of the format 0.0.4.")]),
    ],
    schemas: [
      "Readiness": .object([
        "status": .choice(["ready", "degraded", "loading", "failed"]),
        "parts": .list(
          .object([
            "name": .text(), "state": .choice(["ready", "degraded", "loading", "failed", "off"]), "detail": .text(),
          ])),
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
}
