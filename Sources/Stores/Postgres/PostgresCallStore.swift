public import CallCore
public import CallDriver
import CallWire
import Threads

/// The history in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.calls`.
public final class PostgresCallStore: CallStore {
  private let database: PostgresDatabase

  /// - Parameter database: started, or about to be.
  public init(_ database: PostgresDatabase) { self.database = database }

  /// Queues a call for the database; see `CallStore`.
  /// - Throws: `.unavailable` when the queue is full. The call is lost then.
  public func append(_ call: StoredCall) throws(StoreError) {
    var call = call
    if call.estimatedBytes > database.core.settings.calls.bytesMax, call.recording != nil {
      call.recording = nil
      database.core.state.withLock { $0[.calls].recordingsDropped += 1 }
    }
    try database.core.keep(PostgresRecord(call))
  }

  /// One page; see `CallStore`. The cursor is the number of the last call on it.
  public func calls(
    matching filter: CallFilter, limit: Int, after cursor: String?
  ) throws(StoreError) -> CallPage {
    var before = Int64.max
    if let cursor {
      guard let number = Int64(cursor), "\(number)" == cursor, number > 0 else { throw .badCursor(cursor) }
      before = number
    }
    let rows = try database.reader.ask([
      .lastNumber, PostgresStatement.calls(matching: filter, before: before, count: limit + 1),
    ])
    if let cursor, before > Int64(rows[0].integer(0, 0) ?? 0) { throw .badCursor(cursor) }
    let (page, count) = (rows[1], min(rows[1].count, limit))
    var calls: [CallSummary] = []
    for row in 0..<count { calls.append(try summary(page, row)) }
    return CallPage(calls: calls, nextCursor: page.count > limit ? page.text(count - 1, 0) : nil)
  }

  /// One call; see `CallStore`.
  public func call(id: String) throws(StoreError) -> StoredCall? {
    let rows = try database.reader.ask([.call(id: id), .recording(ofCall: id)])
    guard rows[0].count == 1 else { return nil }
    let record = try record(summary: rows[0].bytes(0, 0), course: rows[0].bytes(0, 1))
    guard rows[1].count == 1 else { return StoredCall(record: record, recording: nil) }
    guard let recording = RecordingArchive.recording(from: rows[1].bytes(0, 0)) else {
      throw .unavailable("the recording of \(id) in the database is damaged")
    }
    return StoredCall(record: record, recording: recording)
  }

  /// Which of these ids are here.
  /// - Parameter ids: some hundreds at most: they travel together.
  public func known(among ids: [String]) throws(StoreError) -> Set<String> {
    let found = try database.reader.ask(ids.map(TableQuota.calls.finding))
    return Set(zip(ids, found).filter { $0.1.count > 0 }.map(\.0))
  }

  /// How full the store is, as the database's thread saw it last.
  public var usage: StoreUsage { database.usage(of: .calls) }

  /// Whether the database can be used.
  public var health: StoreHealth { database.health }

  private func summary(_ rows: PostgresRows, _ row: Int) throws(StoreError) -> CallSummary {
    var summary = CallSummary(
      of: try record(summary: rows.bytes(row, 1), course: nil), hasRecording: rows.flag(row, 2))
    summary.turnLatencyP50 = rows.integer(row, 3).map { .microseconds(Int64($0)) }
    return summary
  }

  private func record(summary: [UInt8], course: [UInt8]?) throws(StoreError) -> CallRecord {
    do throws(WireFault) {
      return try CallArchive.record(summary: summary, course: course)
    } catch {
      throw .unavailable("a record in the database cannot be read: \(error)")
    }
  }
}
