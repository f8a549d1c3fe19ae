/// What a server's log is told about its database.
public enum DatabaseNews: Sendable, CustomStringConvertible {
  /// It cannot be used now; records wait.
  case away(DatabaseFault)
  /// It can be used; so many records waited for it.
  case ready(database: String, waiting: Int)
  /// It refused a record for its values.
  case refused(id: String, DatabaseFault)
  /// The program stops, and so many records were not written in time.
  case unwritten(Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .away(let fault): "the database is away, records wait for it: \(fault)"
    case .ready(let database, let waiting): "the database \(database) is ready; \(waiting) records waited for it"
    case .refused(let id, let fault): "the database refused \(id), which is lost: \(fault)"
    case .unwritten(let count): "\(count) records could not be written in time and are lost"
    }
  }
}
