import JSON
import Formats

extension APIArea {
  /// What was used, by whom.
  static let usage = APIArea(
    name: "Usage", about: "What was used, by key and day.",
    operations: [
      APIOperation(
        "GET /api/usage", "getUsage", "What was used",
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
        "days": .list(
          .object([
            "day": .day, "calls": .count, "refusedCalls": .count, "callSeconds": .number, "turns": .count,
            "recognizedSeconds": .number, "synthesizedCharacters": .count, "synthesizedSeconds": .number,
            "cacheHits": .count, "keys": .list(byKey),
          ])),
      ])
    ])

  private static let figures: KeyValuePairs<String, APISchema> = [
    "calls": .count, "refusedCalls": .count, "callSeconds": .number, "turns": .count, "recognizedSeconds": .number,
    "synthesizedCharacters": .count, "synthesizedSeconds": .number, "cacheHits": .count,
  ]
  private static let byKey = APISchema.object([
    "key": .text().orNull, "name": .text().orNull, "calls": .count, "refusedCalls": .count, "callSeconds": .number,
    "turns": .count, "recognizedSeconds": .number, "synthesizedCharacters": .count, "synthesizedSeconds": .number,
    "cacheHits": .count,
  ])
}
