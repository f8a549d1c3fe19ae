/// A statement with its parameters.
struct PostgresStatement: Sendable {
  /// Under which the server keeps the plan of `sql` for the connection; empty for a statement that is used once.
  let name: String
  /// With `$1`, `$2` … where values go.
  let sql: String
  /// As many as `sql` has places.
  let values: [PostgresValue]
  /// Whether its rows come in PostgreSQL's binary form, which is right for bytes.
  let wantsBinary: Bool

  /// - Parameters:
  ///   - name: see the property; the same name must always have the same `sql`.
  ///   - wantsBinary: see the property.
  init(_ name: String, _ sql: String, _ values: [PostgresValue] = [], wantsBinary: Bool = false) {
    self.name = name
    self.sql = sql
    self.values = values
    self.wantsBinary = wantsBinary
  }

  /// A statement that is used once.
  init(once sql: String, _ values: [PostgresValue] = []) { self.init("", sql, values) }

  static let begin = PostgresStatement("begin", "BEGIN")
  static let commit = PostgresStatement("commit", "COMMIT")
  static let rollback = PostgresStatement("rollback", "ROLLBACK")
}
