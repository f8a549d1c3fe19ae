package import CallCore
package import CallDriver
import JSON
import Formats

/// The runs of test cases in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.runs`.
package final class PostgresTestRunStore: TestRunStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  /// Queues a run for the database; see `TestRunStore`.
  /// - Throws: `.unavailable` when the queue is full.
  package func save(_ run: TestRun) throws(StoreError) {
    let keep = PostgresStatement(
      "keep-run", Self.keepRun,
      [
        .text(run.id), .text(run.testID), .text(run.status.rawValue), .integer(Int64(run.estimatedBytes)),
        .json(TestRunArchive.summary(of: run)), .json(TestRunArchive.transcript(of: run)),
      ])
    try database.core.enqueue(PostgresRecord(quota: .runs, id: "the run \(run.id)", statements: [keep]))
  }

  package func runs(limit: Int) throws(StoreError) -> [TestRun] {
    let rows = try database.reader.rows(
      PostgresStatement(
        "runs", "SELECT run FROM voiceforge_runs ORDER BY number DESC LIMIT $1", [.integer(Int64(limit))]))
    return try rows.values("a run") { row throws(WireFault) in
      try TestRunArchive.run(summary: rows.bytes(row, 0), transcript: nil)
    }
  }

  package func run(id: String) throws(StoreError) -> TestRun? {
    let rows = try database.reader.rows(
      PostgresStatement("run", "SELECT run, transcript FROM voiceforge_runs WHERE id = $1", [.text(id)]))
    return try rows.values("a run") { row throws(WireFault) in
      try TestRunArchive.run(summary: rows.bytes(row, 0), transcript: rows.bytes(row, 1))
    }.first
  }

  package func runIDs() throws(StoreError) -> [String] {
    let rows = try database.reader.rows(
      PostgresStatement("run-ids", "SELECT id FROM voiceforge_runs ORDER BY number"))
    return (0..<rows.count).map { rows.text($0, 0) }
  }

  /// Which of these ids are here.
  /// - Parameter ids: some hundreds at most: they travel together.
  package func known(among ids: [String]) throws(StoreError) -> Set<String> {
    try database.reader.known(among: ids, in: .runs)
  }

  /// How full the store is, as the database's thread saw it last.
  package var usage: StoreUsage { database.usage(of: .runs) }

  private static let keepRun = """
    WITH old AS (SELECT number, bytes FROM voiceforge_runs WHERE id = $1),
    kept AS (
      INSERT INTO voiceforge_runs (id, test_id, status, bytes, run, transcript) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (id) DO UPDATE SET test_id = EXCLUDED.test_id, status = EXCLUDED.status, bytes = EXCLUDED.bytes,
        run = EXCLUDED.run, transcript = EXCLUDED.transcript
      RETURNING number, bytes)
    SELECT kept.number, kept.bytes - coalesce(old.bytes, 0), old.number IS NULL FROM kept LEFT JOIN old ON true
    """
}
