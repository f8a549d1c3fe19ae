public import CallCore

/// Brings the tables of a database to the version that this program works with.
public enum SchemaMigrator {
  /// Whoever changes tables holds this advisory lock of the database, so that of two servers that start together one changes them and
  /// the other waits and finds it done. The bytes spell `VOICEFOR`.
  private static let lock: Int64 = 0x564F_4943_4546_4F52

  /// How long one step may take, and how long another server's step is waited for. A step rewrites tables at worst.
  public static let timeMax = CallDuration.seconds(60)

  /// How long reading the version may take.
  private static let lookTime = CallDuration.seconds(5)

  /// How the tables stand; changes nothing.
  /// - Parameter url: see `PostgresDatabase`.
  public static func status(of url: String) throws(DatabaseFault) -> SchemaStatus {
    let address = try PostgresAddress(url)
    let connection = try connection(to: address)
    return SchemaStatus(database: address.name, version: try version(on: connection))
  }

  /// Applies every step that is missing.
  /// - Parameter url: see `PostgresDatabase`.
  /// - Returns: how the tables stood before, and how they stand now.
  public static func migrate(_ url: String) throws(DatabaseFault) -> (before: SchemaStatus, after: SchemaStatus) {
    let address = try PostgresAddress(url)
    let connection = try connection(to: address)
    let before = SchemaStatus(database: address.name, version: try version(on: connection))
    try bringUpToDate(connection, statementTime: timeMax)
    return (before, SchemaStatus(database: address.name, version: try version(on: connection)))
  }

  private static func connection(to address: PostgresAddress) throws(DatabaseFault) -> PostgresConnection {
    try PostgresConnection(address, statementTime: timeMax, until: .after(PostgresSettings().connectTime))
  }

  /// Applies what is missing; of a database that is up to date it only reads the version.
  /// - Parameter statementTime: of the connection, from then on.
  /// - Throws: `.newerSchema` for one that is ahead of this program.
  static func bringUpToDate(
    _ connection: PostgresConnection, statementTime: CallDuration
  ) throws(DatabaseFault) {
    let found = try version(on: connection)
    try check(found)
    guard found < SchemaStep.newest else { return }
    try connection.limitStatements(to: timeMax, until: .after(timeMax))
    _ = try run("SELECT pg_advisory_lock($1)", [.integer(lock)], on: connection, for: timeMax)
    // Another server may have been here while this one waited.
    let present = try version(on: connection)
    try check(present)
    for step in SchemaStep.all where step.version > present { try apply(step, on: connection) }
    _ = try run("SELECT pg_advisory_unlock($1)", [.integer(lock)], on: connection, for: timeMax)
    try connection.limitStatements(to: statementTime, until: .after(timeMax))
  }

  private static func check(_ version: Int) throws(DatabaseFault) {
    guard version > SchemaStep.newest else { return }
    throw DatabaseFault(
      .newerSchema,
      "the tables of the database have version \(version), and this program knows versions up to \(SchemaStep.newest): use the "
        + "version of voiceforge that made them, or another database")
  }

  private static func version(on connection: PostgresConnection) throws(DatabaseFault) -> Int {
    let table = try run("SELECT to_regclass('voiceforge_schema') IS NOT NULL", on: connection, for: lookTime)
    guard table.flag(0, 0) else { return 0 }
    return try run("SELECT coalesce(max(version), 0) FROM voiceforge_schema", on: connection, for: lookTime).sum
  }

  private static func run(
    _ sql: String, _ values: [PostgresValue] = [], on connection: PostgresConnection, for time: CallDuration
  ) throws(DatabaseFault) -> PostgresRows {
    try connection.run([PostgresStatement(once: sql, values)], until: .after(time))[0]
  }

  private static func apply(_ step: SchemaStep, on connection: PostgresConnection) throws(DatabaseFault) {
    let table = """
      CREATE TABLE IF NOT EXISTS voiceforge_schema (
        version integer PRIMARY KEY, title text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
      )
      """
    let note = PostgresStatement(
      once: "INSERT INTO voiceforge_schema (version, title) VALUES ($1, $2)",
      [.integer(Int64(step.version)), .text(step.title)])
    let statements = ([table] + step.statements).map { PostgresStatement(once: $0) }
    do throws(DatabaseFault) {
      _ = try connection.run([.begin] + statements + [note, .commit], until: .after(timeMax))
    } catch {
      throw DatabaseFault(
        error.kind == .statement ? .unfit : error.kind, sqlState: error.sqlState,
        "step \(step.version) (\(step.title)) of the tables could not be applied: \(error.detail)")
    }
  }
}

/// How the tables of a database stand to this program.
public struct SchemaStatus: Sendable, Equatable {
  /// One step of the tables.
  public struct Step: Sendable, Equatable {
    /// The version behind it.
    public let version: Int
    /// For people.
    public let title: String
    /// Whether the database has it.
    public var isApplied: Bool
  }

  /// Host, port and database, without user and password.
  public let database: String
  /// The version of the tables; 0 where there are none.
  public let version: Int
  /// The version that this program works with.
  public let newest: Int
  /// The steps that this program knows, oldest first.
  public let steps: [Step]

  init(database: String, version: Int) {
    self.database = database
    self.version = version
    newest = SchemaStep.newest
    steps = SchemaStep.all.map { Step(version: $0.version, title: $0.title, isApplied: $0.version <= version) }
  }

  /// Whether the program can work with the tables as they are.
  public var isCurrent: Bool { version == newest }
  /// Whether they belong to a newer program.
  public var isNewer: Bool { version > newest }
}
