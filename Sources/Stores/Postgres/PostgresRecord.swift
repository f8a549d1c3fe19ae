/// Something that waits to be written.
struct PostgresRecord: Sendable {
  /// Where it belongs.
  let quota: TableQuota
  /// For messages.
  let id: String
  /// Puts it in the place of what has the same id, so that a transaction whose end nobody heard of can be repeated. The first gives
  /// back the record's number, by how many bytes the table grew, and whether it is new there.
  let statements: [PostgresStatement]
  /// Memory that it takes.
  let byteCount: Int

  init(quota: TableQuota, id: String, statements: [PostgresStatement]) {
    self.quota = quota
    self.id = id
    self.statements = statements
    byteCount = statements.reduce(200) { sum, statement in statement.values.reduce(sum) { $0 + 40 + $1.byteCount } }
  }
}
