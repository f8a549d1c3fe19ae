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
    newest = Migration.newest
    steps = Migration.all.map { Step(version: $0.version, title: $0.title, isApplied: $0.version <= version) }
  }

  /// Whether the program can work with the tables as they are.
  public var isCurrent: Bool { version == newest }
  /// Whether they belong to a newer program.
  public var isNewer: Bool { version > newest }
}
