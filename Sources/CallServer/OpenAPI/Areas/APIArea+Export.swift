import JSON

extension APIArea {
  /// Everything that is kept, for a move.
  static let export = APIArea(
    name: "Export", about: "Everything that a server keeps, exactly, for `voiceforge migrate --from`.",
    operations: [
      APIOperation(
        "GET /api/export", "export", "What there is",
        answers: [
          .json(.object(["format": .whole(1...1), "version": .text(), "calls": .count, "runs": .count]), "How many.")
        ]),
      APIOperation(
        "GET /api/export/calls", "exportCalls", "The ids of calls, newest first",
        [.query("cursor", .text(), "`nextCursor` of the page before.")],
        answers: [ids, .problem(400, "The cursor was not given out here.")]),
      APIOperation(
        "GET /api/export/calls/{id}", "exportCall", "A call",
        answers: [lines("Everything but what was said; then transcript, timeline and latencies."), missing]),
      APIOperation(
        "GET /api/export/calls/{id}/recording", "exportRecording", "Both sides of a call as packets",
        answers: [
          .file(["application/octet-stream"], "In the form of `CallDriver/Audio/CallRecording.swift`."),
          .empty(204, "There is none."), missing,
        ]),
      APIOperation(
        "GET /api/export/runs", "exportRuns", "The ids of runs, oldest first", answers: [ids]),
      APIOperation(
        "GET /api/export/runs/{id}", "exportRun", "A run", answers: [lines("The run; then what was said."), missing]),
      every("cases", "exportCases", "case"), every("flows", "exportFlows", "version of a flow, the oldest first"),
      every("voices", "exportVoices", "matched voice"), every("keys", "exportKeys", "key, without its secret"),
      every("usage", "exportUsage", "what each run of a server counted for a key on a day"),
    ], schemas: [:])

  private static let missing = APIResponse.problem(404, "There is none of that id, or it is not kept any more.")
  private static let ids = APIResponse.json(
    .object(["ids": .list(.text()), "nextCursor": .text().orNull]), "The ids.")

  private static func lines(_ about: String) -> APIResponse {
    .file(["application/x-ndjson"], "A JSON object on each line. \(about)")
  }

  private static func every(_ name: String, _ id: String, _ what: String) -> APIOperation {
    APIOperation("GET /api/export/\(name)", id, "All \(name)", answers: [lines("One for each \(what).")])
  }
}
