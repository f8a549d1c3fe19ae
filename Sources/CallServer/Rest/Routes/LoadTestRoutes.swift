import CallCore
import JSON
import Wires
import Formats

extension RouteArea {
  /// Load tests of a server on itself.
  static let loads = RouteArea(
    name: "Load tests", about: "A server loads itself, where `VOICEFORGE_ALLOW_LOAD` lets it.",
    routes: [
      Route(
        "GET /api/load", "listLoads", "Whether loads may be run, and those that were", scope: .read,
        .blocking(LoadTestController.list),
        answers: [
          .json(
            .object([
              "allowed": .flag, "setting": .text(), "running": .text().orNull,
              "limits": .object([
                "callsMax": .count, "holdMaxSeconds": .count, "generatorsMax": .count, "sharedCallsMax": .count,
              ]),
              "sharedTarget": .text().orNull,
              "usualThresholds": .list(.text()), "usualThresholdParts": .list(.named("LoadThreshold")),
              "runs": .list(.named("Load")),
            ]), "The newest first.")
        ]),
      Route(
        "POST /api/load", "beginLoad", "Begin a load test", scope: .manage, .blocking(LoadTestController.begin),
        body: .json(body, "What load, in the words of `voiceforge load --help`.", bytesMax: LoadRequest.bytesMax),
        answers: [
          .json(.named("Load"), status: 202, "It begins.", .location), .problem(400, "The body is not JSON."),
          .problem(
            403, "Load tests are not allowed here, or a page of another origin asks, or the key lacks the scope."),
          .problem(409, "Another load goes on.", .location),
          .problem(422, "A member is wrong; the detail names it and the remedy."),
          .problem(500, "The generator cannot be started."),
        ]),
      Route(
        "GET /api/load/{id}", "getLoad", "One load test", scope: .read, .blocking(LoadTestController.one),
        [.query("since", .count.standard(.integer(0)), "The first second that is wanted.")],
        answers: [
          .json(.named("LoadWithSeconds"), "With at most 1000 seconds."),
          .problem(400, "A second that makes no sense."), missing,
        ]),
      Route(
        "DELETE /api/load/{id}", "stopLoad", "End a load test", scope: .manage, .blocking(LoadTestController.stop),
        answers: [
          .json(.named("Load"), "It was over."), .json(.named("Load"), status: 202, "It stops now."), missing,
        ]),
      Route(
        "GET /api/load/{id}/report", "getLoadReport", "The page with charts", scope: .read,
        .blocking(LoadTestController.report),
        answers: [
          .file(["text/html"], "The page."), missing, .problem(409, "The run is not over yet.", .retryAfter),
        ]),
    ],
    schemas: [
      "Load": .object(load),
      "LoadWithSeconds": .object(load, and: ["next": .count, "seconds": .list(.named("LoadSecond"))]),
      "LoadWish": kept, "LoadSecond": second,
      "LoadThreshold": .object([
        "text": .text(), "figure": .text(), "statistic": .text().orNull,
        "comparison": .choice(["<", "<=", "==", ">=", ">"]), "limit": .number,
        "unit": .choice(["ms", "MB", "%"]).orNull,
      ]),
    ])

  private static let missing = APIResponse.problem(404, "No such run, not kept any more, or it ended without a report.")

  private static let word = APISchema.keptText(1...LoadRequest.wordMax)
  private static let body = APISchema.request(
    [
      "calls": .whole(1...LoadRequest.sharedCallsMax).about(
        "At once; at most \(LoadRequest.callsMax) for each generator."), "ramp": word.about("Such as `5/s`."),
      "hold": word.about("Such as `30s`."), "plan": word.about("Such as `steps:50,100`.").standard(.string("ramp")),
      "cases": .list(
        .request(
          [
            "id": .keptText(1...CaseLimits.idMax),
            "weight": .whole(1...LoadRequest.weightMax).standard(.integer(1)),
          ], required: ["id"]), 0...LoadRequest.casesMax),
      "thresholds": .list(word, 0...LoadRequest.thresholdsMax).about("Such as `turn_latency.p95<1200ms`."),
      "seed": .seed.standard(.integer(1)),
      "generators": .whole(1...LoadRequest.generatorsMax).about(
        "On other machines; `null`: one on the server's own."),
    ], required: ["calls"])

  private static let kept = APISchema.object([
    "calls": .count, "ramp": .text().orNull, "hold": .text().orNull, "plan": .text(),
    "cases": .list(.object(["id": .text(), "weight": .count])), "thresholds": .list(.text()), "seed": .count,
    "generators": .count.orNull,
  ])

  private static let load: KeyValuePairs<String, APISchema> = [
    "id": .text(), "state": .choice(LoadTestRecord.State.allCases.map(\.rawValue)), "request": .named("LoadWish"),
    "thresholds": .list(.named("LoadThreshold")), "startedAt": .instant, "endedAt": .instant.orNull,
    "problem": .text().orNull, "hasReport": .flag,
    "secondsCount": .count, "result": .anyObject.orNull,
    "gathering": .object(["wanted": .count, "joined": .count, "ready": .count]).orNull,
  ]
  private static let second = APISchema.object([
    "atMs": .count, "active": .count, "offered": .count, "refused": .count, "failed": .count, "completed": .count,
    "turns": .count, "framesReceived": .count, "framesLate": .count, "framesSent": .count, "framesSentLate": .count,
    "p50Ms": .count.orNull, "p95Ms": .count.orNull, "p99Ms": .count.orNull, "serverBytes": .count.orNull,
    "serverCores": .number.orNull, "generatorCores": .number, "isFull": .flag,
  ])
}
