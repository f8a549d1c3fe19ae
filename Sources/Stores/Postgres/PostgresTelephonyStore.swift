package import CallCore
package import CallDriver
import Formats
import JSON
import Threads

/// What keys have for their telephone calls, of one kind, in a database; see `PostgresDatabase`. A change is made before it is answered.
package final class PostgresTelephonyStore<Resource: TelephonyResource>: TelephonyResourceStore {
  private let database: PostgresDatabase
  private let form: TelephonyTable<Resource>
  private let limits: TelephonyLimits

  init(_ database: PostgresDatabase, _ form: TelephonyTable<Resource>, limits: TelephonyLimits) {
    (self.database, self.form, self.limits) = (database, form, limits)
  }

  package func all(of owner: String?) throws(StoreError) -> [Resource] {
    guard let owner else { return try resources(form.selection("all", "true ORDER BY number")) }
    return try resources(form.selection("of", "owner = $1 ORDER BY number", [.text(owner)]))
  }

  package func newest(
    of owner: String, in group: String?, limit: Int, before id: String?
  ) throws(StoreError) -> [Resource] {
    try resources(
      form.selection(
        "newest",
        """
        owner = $1 AND ($2::text IS NULL OR group_text = $2)
        AND ($3::text IS NULL OR number < (SELECT number FROM voiceforge_\(form.quota) WHERE id = $3))
        ORDER BY number DESC LIMIT $4
        """,
        [
          .text(owner), group.map { .text($0) } ?? .null, id.map { .text($0) } ?? .null, .integer(Int64(limit)),
        ]))
  }

  package func one(id: String) throws(StoreError) -> Resource? { try resources(form.one(id)).first }

  package func add(_ resource: Resource) throws(StoreError) -> TelephonyChange {
    var evicted = 0
    let change = try change { connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let change = try form.add(resource, limits, connection, &fill, deadline)
      while fill.entries > limits.entriesMax, change == .done {
        let gone = try connection.run([form.evictionOfOldest], until: deadline)[0]
        guard gone.count > 0 else { break }
        fill.subtract(gone)
        evicted += 1
      }
      return change
    }
    if change == .done, evicted > 0 { database.core.state.withLock { $0[form.quota].evicted += evicted } }
    return change
  }

  package func update(id: String, _ change: (inout Resource) -> Bool) throws(StoreError) -> TelephonyChange {
    try self.change { connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let rows = try connection.run([form.one(id)], until: deadline)[0]
      guard rows.count == 1 else { return .missing }
      var resource: Resource
      do throws(WireFault) { resource = try form.read(rows.bytes(0, 0)) } catch {
        throw DatabaseFault(.unfit, "a row of voiceforge_\(form.quota) cannot be read")
      }
      guard change(&resource) else { return .unchanged }
      let written = try connection.run([form.update(to: resource)], until: deadline)[0]
      guard written.count == 1 else { return .taken }
      fill.bytes += written.sum
      return .done
    }
  }

  package func remove(id: String) throws(StoreError) -> TelephonyChange {
    try change { connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let gone = try connection.run([form.removal("id = $1", "one", [.text(id)])], until: deadline)[0]
      guard gone.count == 1 else { return .missing }
      fill.subtract(gone)
      return .done
    }
  }

  package func removeAll(about number: String) throws(StoreError) -> Int {
    // Of the other kinds nothing concerns anybody.
    guard form.quota == .phonecalls else { return 0 }
    var count = 0
    let about = form.removal("resource->>'from' = $1 OR resource->>'to' = $1", "about", [.text(number)])
    _ = try change { connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let gone = try connection.run([about], until: deadline)[0]
      count = gone.count
      fill.subtract(gone)
      return count == 0 ? .unchanged : .done
    }
    return count
  }

  /// See `TelephonyResourceStore`.
  package func revision() throws(StoreError) -> Int {
    try database.reader.rows(
      PostgresStatement(
        "revision-\(form.quota)", "SELECT last_number FROM voiceforge_quotas WHERE name = '\(form.quota)'")
    ).sum
  }

  /// How full the store is, as the database's thread saw it last; `evicted` are this server's.
  package var usage: StoreUsage { database.usage(of: form.quota) }

  private func change(
    _ body: (PostgresConnection, inout TableQuota.Fill, Deadline) throws(DatabaseFault) -> TelephonyChange
  ) throws(StoreError) -> TelephonyChange {
    try database.reader.change(form.quota) { connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let change = try body(connection, &fill, deadline)
      // The quota's number goes up with every change, so that other servers notice it.
      fill.lastNumber += 1
      return change
    }
  }

  private func resources(_ statement: PostgresStatement) throws(StoreError) -> [Resource] {
    let rows = try database.reader.rows(statement)
    return try rows.values("a row of voiceforge_\(form.quota)", isSecret: true) { row throws(WireFault) in
      try form.read(rows.bytes(row, 0))
    }
  }
}

extension TelephonyChange: StoreWriteResult {
  var isMade: Bool { self == .done }
}
