import CallCore
import JSON

extension RouteArea {
  /// Everything that is kept, for a move.
  static let export = RouteArea(
    name: "Export", about: "Everything that a server keeps, exactly, for `voiceforge migrate --from`.",
    routes: [
      Route(
        "GET /api/export", "export", "What there is", scope: .manage, .blocking(ExportController.summary),
        answers: [
          .json(.object(["format": .whole(1...1), "version": .text(), "calls": .count, "runs": .count]), "How many.")
        ]),
      Route(
        "GET /api/export/calls", "exportCalls", "The ids of calls, newest first", scope: .manage,
        .blocking(ExportController.calls),
        [.query("cursor", .text(), "`nextCursor` of the page before.")],
        answers: [ids, .problem(400, "The cursor was not given out here.")]),
      Route(
        "GET /api/export/calls/{id}", "exportCall", "A call", scope: .manage, .blocking(ExportController.call),
        answers: [lines("Everything but what was said; then transcript, timeline and latencies."), missing]),
      Route(
        "GET /api/export/calls/{id}/recording", "exportRecording", "Both sides of a call as packets", scope: .manage,
        .blocking(ExportController.recording),
        answers: [
          .file(["application/octet-stream"], "In the form of `CallDriver/Audio/CallRecording.swift`."),
          .empty(204, "There is none."), missing,
        ]),
      Route(
        "GET /api/export/runs", "exportRuns", "The ids of runs, oldest first", scope: .manage,
        .blocking(ExportController.runs),
        answers: [ids]),
      Route(
        "GET /api/export/runs/{id}", "exportRun", "A run", scope: .manage, .blocking(ExportController.run),
        answers: [lines("The run; then what was said."), missing]),
      every("cases", "exportCases", ExportController.cases, "case"),
      every("flows", "exportFlows", ExportController.flows, "version of a flow, the oldest first"),
      every("agent-flows", "exportNodeFlows", ExportController.nodeFlows, "flow of nodes"),
      every("voices", "exportVoices", ExportController.voices, "matched voice"),
      every("keys", "exportKeys", ExportController.keys, "key, without its secret"),
      every(
        "usage", "exportUsage", ExportController.usage, "what each run of a server counted for a key on a day"),
    ], schemas: [:])

  private static let missing = APIResponse.problem(404, "There is none of that id, or it is not kept any more.")
  private static let ids = APIResponse.json(
    .object(["ids": .list(.text()), "nextCursor": .text().orNull]), "The ids.")

  private static func lines(_ about: String) -> APIResponse {
    .file(["application/x-ndjson"], "A JSON object on each line. \(about)")
  }

  private static func every(
    _ name: String, _ id: String, _ answer: @escaping RouteHandler.Answer<ExportController>, _ what: String
  ) -> Route {
    Route(
      "GET /api/export/\(name)", id, "All \(name)", scope: .manage, .blocking(answer),
      answers: [lines("One for each \(what).")])
  }
}
