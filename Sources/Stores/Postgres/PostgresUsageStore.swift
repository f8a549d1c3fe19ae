package import CallCore
package import CallDriver
import JSON
import Formats

/// What was used by key and day, in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.usage`.
///
/// A node's figures stand in rows of their own, which it replaces: so a transaction that is written twice counts once.
package final class PostgresUsageStore: UsageStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  /// Queues figures for the database; see `UsageStore`.
  /// - Throws: `.unavailable` when the queue is full.
  package func save(_ entries: [UsageEntry], of node: String) throws(StoreError) {
    for entry in entries {
      let counts = entry.counts
      let keep = PostgresStatement(
        "keep-usage", Self.keepUsage,
        [
          .text(UTCTime.dayText(entry.day)), .text(entry.key ?? ""), .text(node), .integer(Self.rowBytes),
          .integer(Int64(counts.calls)), .integer(Int64(counts.refusedCalls)), .integer(counts.callTime.microseconds),
          .integer(Int64(counts.turns)), .integer(counts.recognizedTime.microseconds),
          .integer(Int64(counts.synthesizedCharacters)), .integer(counts.synthesizedTime.microseconds),
          .integer(Int64(counts.cacheHits)), .integer(Int64(counts.modelRequests)),
          .integer(Int64(counts.promptTokens)), .integer(Int64(counts.answerTokens)),
        ])
      let id = "the usage of \(UTCTime.dayText(entry.day))"
      try database.core.enqueue(PostgresRecord(quota: .usage, id: id, statements: [keep]))
    }
  }

  package func entries(of days: ClosedRange<Int>) throws(StoreError) -> [UsageEntry] {
    let rows = try database.reader.rows(
      PostgresStatement(
        "usage", Self.sums, [.text(UTCTime.dayText(days.lowerBound)), .text(UTCTime.dayText(days.upperBound))]))
    return (0..<rows.count).map { Self.entry(rows, $0) }.sorted(by: UsageEntry.isBefore)
  }

  package func shares(limit: Int) throws(StoreError) -> [UsageShare] {
    let rows = try database.reader.rows(PostgresStatement("usage-shares", Self.all, [.integer(Int64(limit))]))
    return (0..<rows.count).reversed().map { UsageShare(node: rows.text($0, 13), entry: Self.entry(rows, $0)) }
  }

  private static func entry(_ rows: PostgresRows, _ row: Int) -> UsageEntry {
    func number(_ column: Int) -> Int { rows.integer(row, column) ?? 0 }
    var counts = UsageCounts()
    counts.calls = number(2)
    counts.refusedCalls = number(3)
    counts.callTime = .microseconds(Int64(number(4)))
    counts.turns = number(5)
    counts.recognizedTime = .microseconds(Int64(number(6)))
    counts.synthesizedCharacters = number(7)
    counts.synthesizedTime = .microseconds(Int64(number(8)))
    counts.cacheHits = number(9)
    counts.modelRequests = number(10)
    counts.promptTokens = number(11)
    counts.answerTokens = number(12)
    let key = rows.text(row, 1)
    return UsageEntry(day: number(0), key: key.isEmpty ? nil : key, counts: counts)
  }

  /// How full the store is, as the database's thread saw it last.
  package var usage: StoreUsage { database.usage(of: .usage) }

  /// A row with its share of the indexes, about.
  private static let rowBytes: Int64 = 300

  private static let keepUsage = """
    WITH old AS (SELECT number FROM voiceforge_usage WHERE day = $1::date AND key = $2 AND node = $3),
    kept AS (
      INSERT INTO voiceforge_usage (day, key, node, bytes, calls, refused_calls, call_us, turns, recognized_us,
        synthesized_characters, synthesized_us, cache_hits, model_requests, prompt_tokens, answer_tokens)
      VALUES ($1::date, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      ON CONFLICT (day, key, node) DO UPDATE SET calls = EXCLUDED.calls, refused_calls = EXCLUDED.refused_calls,
        call_us = EXCLUDED.call_us, turns = EXCLUDED.turns, recognized_us = EXCLUDED.recognized_us,
        synthesized_characters = EXCLUDED.synthesized_characters, synthesized_us = EXCLUDED.synthesized_us,
        cache_hits = EXCLUDED.cache_hits, model_requests = EXCLUDED.model_requests,
        prompt_tokens = EXCLUDED.prompt_tokens, answer_tokens = EXCLUDED.answer_tokens
      RETURNING number, bytes)
    SELECT kept.number, CASE WHEN old.number IS NULL THEN kept.bytes ELSE 0 END, old.number IS NULL
    FROM kept LEFT JOIN old ON true
    """

  private static let all = """
    SELECT day - date '1970-01-01', key, calls, refused_calls, call_us, turns, recognized_us, synthesized_characters,
      synthesized_us, cache_hits, model_requests, prompt_tokens, answer_tokens, node
    FROM voiceforge_usage ORDER BY day DESC, key COLLATE "C" DESC, node COLLATE "C" DESC LIMIT $1
    """

  private static let sums = """
    SELECT day - date '1970-01-01', key, sum(calls)::bigint, sum(refused_calls)::bigint, sum(call_us)::bigint,
      sum(turns)::bigint, sum(recognized_us)::bigint, sum(synthesized_characters)::bigint, sum(synthesized_us)::bigint,
      sum(cache_hits)::bigint, sum(model_requests)::bigint, sum(prompt_tokens)::bigint, sum(answer_tokens)::bigint
    FROM voiceforge_usage WHERE day BETWEEN $1::date AND $2::date GROUP BY day, key
    """
}
