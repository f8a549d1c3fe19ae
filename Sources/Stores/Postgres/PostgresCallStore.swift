package import CallCore
package import CallDriver
import Formats
import JSON
import Threads

/// The history in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.calls`.
package final class PostgresCallStore: CallStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  /// Queues a call for the database; see `CallStore`.
  /// - Throws: `.unavailable` when the queue is full. The call is lost then.
  package func append(_ call: StoredCall) throws(StoreError) {
    var call = call
    if call.estimatedBytes > database.core.settings.calls.bytesMax, call.recording != nil {
      call.recording = nil
      database.core.state.withLock { $0[.calls].recordingsDropped += 1 }
    }
    try database.core.enqueue(PostgresRecord(call))
  }

  /// One page; see `CallStore`. The cursor is the number of the last call on it.
  package func calls(
    matching filter: CallFilter, limit: Int, after cursor: String?
  ) throws(StoreError) -> CallPage {
    var before = Int64.max
    if let cursor {
      guard let number = Int64(cursor), "\(number)" == cursor, number > 0 else { throw .badCursor(cursor) }
      before = number
    }
    let rows = try database.reader.query([
      .lastNumber, PostgresStatement.calls(matching: filter, before: before, count: limit + 1),
    ])
    if let cursor, before > Int64(rows[0].integer(0, 0) ?? 0) { throw .badCursor(cursor) }
    let page = rows[1]
    let calls = try page.values("a record", max: limit) { row throws(WireFault) in
      var summary = CallSummary(
        of: try CallArchive.record(summary: page.bytes(row, 1), course: nil), hasRecording: page.flag(row, 2))
      summary.turnLatencyP50 = page.integer(row, 3).map { .microseconds(Int64($0)) }
      return summary
    }
    return CallPage(calls: calls, nextCursor: page.count > limit ? page.text(limit - 1, 0) : nil)
  }

  package func call(id: String) throws(StoreError) -> StoredCall? {
    let rows = try database.reader.query([.call(id: id), .recording(ofCall: id)])
    let records = try rows[0].values("a record") { row throws(WireFault) in
      try CallArchive.record(summary: rows[0].bytes(row, 0), course: rows[0].bytes(row, 1))
    }
    guard let record = records.first else { return nil }
    guard rows[1].count == 1 else { return StoredCall(record: record, recording: nil) }
    guard let recording = RecordingArchive.recording(from: rows[1].bytes(0, 0)) else {
      throw .unavailable("the recording of \(id) in the database is damaged")
    }
    return StoredCall(record: record, recording: recording)
  }

  /// Which of these ids are here.
  /// - Parameter ids: some hundreds at most: they travel together.
  package func known(among ids: [String]) throws(StoreError) -> Set<String> {
    try database.reader.known(among: ids, in: .calls)
  }

  package func removeAll(about number: String) throws(StoreError) -> [String] {
    let removal = PostgresStatement(
      "remove-calls-about",
      """
      DELETE FROM voiceforge_calls WHERE left(record->'metadata'->>'from', 40) = $1
        OR left(record->'metadata'->>'to', 40) = $1 RETURNING bytes, id
      """, [.text(number)])
    var ids: [String] = []
    _ = try database.reader.change(.calls) { connection, fill, deadline throws(DatabaseFault) -> Bool in
      let gone = try connection.run([removal], until: deadline)[0]
      fill.subtract(gone)
      ids = (0..<gone.count).map { gone.text($0, 1) }
      return !ids.isEmpty
    }
    return ids
  }

  /// How full the store is, as the database's thread saw it last.
  package var usage: StoreUsage { database.usage(of: .calls) }

  /// Whether the database can be used.
  package var health: StoreHealth { database.health }

}

extension PostgresRecord {
  /// A call with its recording.
  init(_ call: StoredCall) {
    let record = call.record
    let keep = PostgresStatement(
      "keep-call", Self.keepCall,
      [
        .text(record.id), .text(record.flow), .text(record.outcome),
        record.reason.map { .text($0.rawValue) } ?? .null,
        .integer(Self.yearsOfTimestamps.clamp(record.startedAtUnixMicroseconds)),
        .integer(Int64(call.estimatedBytes)), .flag(call.recording != nil),
        record.turnLatencyP50.map { .integer($0.microseconds) } ?? .null,
        .json(CallArchive.summary(of: record)), .json(CallArchive.course(of: record)),
      ])
    let sound =
      call.recording.map { recording in
        PostgresStatement(
          "keep-recording",
          """
          INSERT INTO voiceforge_recordings (call, sound) SELECT number, $2 FROM voiceforge_calls WHERE id = $1
          ON CONFLICT (call) DO UPDATE SET sound = EXCLUDED.sound
          """, [.text(record.id), .bytes(RecordingArchive.bytes(of: recording))])
      }
      ?? PostgresStatement(
        "drop-recording",
        "DELETE FROM voiceforge_recordings WHERE call = (SELECT number FROM voiceforge_calls WHERE id = $1)",
        [.text(record.id)])
    self.init(quota: .calls, id: "the call \(record.id)", statements: [keep, sound])
  }

  /// Years 1 … 9999 in microseconds since 1970: what a timestamp takes and people can read. The record has the exact value.
  private static let yearsOfTimestamps: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

  private static let keepCall = """
    WITH old AS (SELECT number, bytes FROM voiceforge_calls WHERE id = $1),
    kept AS (
      INSERT INTO voiceforge_calls
        (id, flow, outcome, reason, started_at, bytes, has_recording, latency_p50_us, record, course)
      VALUES (
        $1, $2, $3, $4, timestamptz 'epoch' + $5::bigint * interval '1 microsecond', $6, $7, $8, $9, $10)
      ON CONFLICT (id) DO UPDATE SET flow = EXCLUDED.flow, outcome = EXCLUDED.outcome, reason = EXCLUDED.reason,
        started_at = EXCLUDED.started_at, bytes = EXCLUDED.bytes, has_recording = EXCLUDED.has_recording,
        latency_p50_us = EXCLUDED.latency_p50_us, record = EXCLUDED.record, course = EXCLUDED.course
      RETURNING number, bytes)
    SELECT kept.number, kept.bytes - coalesce(old.bytes, 0), old.number IS NULL FROM kept LEFT JOIN old ON true
    """
}

extension PostgresStatement {
  /// The greatest number that a call was given.
  static let lastNumber = PostgresStatement(
    "last-call", "SELECT last_number FROM voiceforge_quotas WHERE name = 'calls'")

  /// Calls below a number, newest first: number, record, whether there is a recording, the middle latency.
  ///
  /// Each combination of filters is a statement of its own, so that the server can choose the index that fits. The indexes are over
  /// the beginning of the texts, so that is asked for too.
  static func calls(matching filter: CallFilter, before: Int64, count: Int) -> PostgresStatement {
    var (name, conditions) = ("calls", ["number < $1"])
    var values: [PostgresValue] = [.integer(before), .integer(Int64(count))]
    func add(_ column: String, _ value: String?, _ condition: (Int) -> String) {
      guard let value else { return }
      values.append(.text(value))
      name += "-\(column)"
      conditions.append(condition(values.count))
    }
    add("flow", filter.flow) { "left(flow, 100) = left($\($0), 100) AND flow = $\($0)" }
    add("outcome", filter.outcome) { "left(outcome, 100) = left($\($0), 100) AND outcome = $\($0)" }
    add("reason", filter.reason?.rawValue) { "reason = $\($0)" }
    return PostgresStatement(
      name,
      """
      SELECT number, record, has_recording, latency_p50_us FROM voiceforge_calls
      WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT $2
      """, values)
  }

  /// A call's record in its two parts.
  static func call(id: String) -> PostgresStatement {
    PostgresStatement("call", "SELECT record, course FROM voiceforge_calls WHERE id = $1", [.text(id)])
  }

  /// A call's recording.
  static func recording(ofCall id: String) -> PostgresStatement {
    PostgresStatement(
      "recording",
      "SELECT sound FROM voiceforge_recordings WHERE call = (SELECT number FROM voiceforge_calls WHERE id = $1)",
      [.text(id)], wantsBinary: true)
  }
}

extension ClosedRange {
  fileprivate func clamp(_ value: Bound) -> Bound { Swift.min(Swift.max(value, lowerBound), upperBound) }
}
