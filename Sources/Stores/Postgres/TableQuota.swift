/// What a database keeps: one table, and one row of `voiceforge_quotas` that says how full it is. The raw value is that row's name.
enum TableQuota: String, Sendable, CaseIterable {
  case calls, cases, runs, keys, flows, voices, usage, providers, numbers, campaigns, phonecalls, nodeflows

  /// How full a table is, as its row says.
  struct Fill {
    var entries: Int
    var bytes: Int
    /// The greatest number that was ever given; of flows, how often they were changed.
    var lastNumber: Int
  }

  /// Locks the quota's row until the end of the transaction, so that its writers come one after the other, and reads it.
  var lock: PostgresStatement {
    PostgresStatement(
      "lock-\(self)", "SELECT entries, bytes, last_number FROM voiceforge_quotas WHERE name = '\(self)' FOR UPDATE")
  }

  /// Writes the quota's row.
  func update(_ fill: Fill) -> PostgresStatement {
    PostgresStatement(
      "update-\(self)",
      "UPDATE voiceforge_quotas SET entries = $1, bytes = $2, last_number = $3 WHERE name = '\(self)'",
      [.integer(Int64(fill.entries)), .integer(Int64(fill.bytes)), .integer(Int64(fill.lastNumber))])
  }

  /// The oldest things, at most `count`: number, bytes.
  func oldest(_ count: Int) -> PostgresStatement {
    PostgresStatement(
      "oldest-\(self)", "SELECT number, bytes FROM voiceforge_\(self) ORDER BY number LIMIT $1",
      [.integer(Int64(count))])
  }

  /// Removes everything up to a number.
  func remove(upTo number: Int) -> PostgresStatement {
    PostgresStatement(
      "remove-\(self)", "DELETE FROM voiceforge_\(self) WHERE number <= $1", [.integer(Int64(number))])
  }

  /// Removes things that were kept longer ago than `microseconds`, at most `count`; gives the bytes of each.
  func removeOlder(than microseconds: Int64, count: Int) -> PostgresStatement {
    PostgresStatement(
      "age-\(self)",
      """
      DELETE FROM voiceforge_\(self) WHERE number IN (
        SELECT number FROM voiceforge_\(self) WHERE kept_at < now() - $1::bigint * interval '1 microsecond'
        ORDER BY kept_at LIMIT $2) RETURNING bytes
      """, [.integer(microseconds), .integer(Int64(count))])
  }

  /// Gives a row when there is a thing of that id: of calls, cases, runs, keys or voices.
  func finding(_ id: String) -> PostgresStatement {
    PostgresStatement("find-\(self)", "SELECT 1 FROM voiceforge_\(self) WHERE id = $1", [.text(id)])
  }

  /// Counts what is there.
  var count: PostgresStatement {
    PostgresStatement("count-\(self)", "SELECT count(*), coalesce(sum(bytes), 0) FROM voiceforge_\(self)")
  }

  /// How full all tables are: name, entries, bytes.
  static let all = PostgresStatement("quotas", "SELECT name, entries, bytes FROM voiceforge_quotas")
}

extension TableQuota.Fill {
  /// Counts what was written.
  /// - Parameter row: its number, by how many bytes the table grew, and whether it is new there.
  mutating func add(_ row: PostgresRows) {
    lastNumber = max(lastNumber, row.integer(0, 0) ?? 0)
    bytes += row.integer(0, 1) ?? 0
    if row.flag(0, 2) { entries += 1 }
  }

  /// Counts what was removed.
  /// - Parameter rows: the bytes of each.
  mutating func subtract(_ rows: PostgresRows) {
    entries -= rows.count
    bytes -= rows.sum
  }

  /// - Parameter row: of `TableQuota.lock`.
  init(_ row: PostgresRows) throws(DatabaseFault) {
    guard row.count == 1, let entries = row.integer(0, 0), let bytes = row.integer(0, 1), let last = row.integer(0, 2)
    else { throw DatabaseFault(.unfit, "a row of voiceforge_quotas is missing") }
    self.init(entries: entries, bytes: bytes, lastNumber: last)
  }
}
