/// Why a database could not do what was asked. Never holds the password or the rest of the address' user information.
public struct DatabaseFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of trouble, and so what helps.
  public enum Kind: Sendable, Equatable {
    /// The address cannot be read. The operator must correct it.
    case badAddress
    /// Nothing answers at the address, or not now. May help itself.
    case unreachable
    /// The server is there and does not let this program in: wrong password, no such user or database. The operator must act.
    case refused
    /// The server was made or set up in a way that cannot be used. The operator must act.
    case unfit
    /// The tables were made by a newer version of this program. The operator must use that.
    case newerSchema
    /// No answer in time. May help itself.
    case tooSlow
    /// The connection broke. May help itself.
    case lost
    /// The server refused a statement; `sqlState` says why.
    case statement
  }

  /// What kind of trouble.
  public let kind: Kind
  /// Five characters of PostgreSQL's manual, appendix A; empty where there are none.
  public let sqlState: String
  /// The cause in the words of libpq or the server, for logs.
  public let detail: String

  init(_ kind: Kind, sqlState: String = "", _ detail: String) {
    self.kind = kind
    self.sqlState = sqlState
    self.detail = detail
  }

  /// Whether only a person can mend it, so that a server that meets it at its start should not start.
  public var needsOperator: Bool {
    switch kind {
    case .badAddress, .refused, .unfit, .newerSchema: true
    case .unreachable, .tooSlow, .lost, .statement: false
    }
  }

  /// What anybody may be told who asks the server: no hosts, no users, no text of a statement.
  public var publicText: String {
    switch kind {
    case .badAddress: "the address of the database cannot be read"
    case .unreachable: "the database cannot be reached"
    case .refused: "the database does not let this server in"
    case .unfit: "the database cannot be used"
    case .newerSchema: "the tables of the database belong to a newer version of this program"
    case .tooSlow: "the database does not answer in time"
    case .lost: "the connection to the database broke"
    case .statement: "the database refused a statement (\(sqlState))"
    }
  }

  /// The cause with its SQLSTATE.
  public var description: String { sqlState.isEmpty ? detail : "\(detail) (SQLSTATE \(sqlState))" }

  /// Whether the values of a statement were at fault rather than the server: the classes *data exception*, *integrity constraint
  /// violation* and *program limit exceeded*. The same values would be refused again.
  var blamesValues: Bool { kind == .statement && ["22", "23", "54"].contains(sqlState.prefix(2)) }
}
