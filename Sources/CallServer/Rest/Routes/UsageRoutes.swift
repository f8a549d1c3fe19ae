import CallCore
import JSON
import Formats

extension RouteArea {
  /// What was used, by whom.
  static let usage = RouteArea(
    name: "Usage", about: "What was used, by key and day.",
    routes: [
      Route(
        "GET /api/usage", "getUsage", "What was used", scope: .read, .blocking(UsageController.report),
        [
          .query(
            "from", .day,
            "First day, UTC; 30 days before the last one if absent. At most \(UsageController.daysMax) days."
          ),
          .query("to", .day, "Last day; today if absent."),
          .query("key", .text(), "Only this key's; empty: what was used without any."),
        ],
        answers: [.json(.named("Usage"), "The report."), .problem(400, "Days that make no sense.")])
    ],
    schemas: [
      "Usage": .object([
        "from": .day, "to": .day, "totals": .object(figures), "keys": .list(byKey),
        "days": .list(.object(["day": .day], and: figures, ["keys": .list(byKey)])),
      ])
    ])

  private static let figures: KeyValuePairs<String, APISchema> = [
    "calls": .count, "refusedCalls": .count, "callSeconds": .number, "turns": .count, "recognizedSeconds": .number,
    "synthesizedCharacters": .count, "synthesizedSeconds": .number, "cacheHits": .count,
    "modelRequests": .count, "promptTokens": .count, "answerTokens": .count,
  ]
  private static let byKey = APISchema.object(["key": .text().orNull, "name": .text().orNull], and: figures)
}
