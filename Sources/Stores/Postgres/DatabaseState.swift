import CallDriver
import Threads

/// What the threads around a database share.
struct DatabaseState {
  /// Whether the database can be used.
  enum Condition {
    /// The first connection is under way.
    case starting
    case ready
    case away(DatabaseFault)
  }

  var queue = RecordQueue()
  var condition = Condition.starting
  /// When the writer has to be through; `nil` while nobody stops it.
  var stopBy: Deadline?
  private var usages: [TableQuota: StoreUsage] = [:]

  /// What was counted of a table.
  subscript(quota: TableQuota) -> StoreUsage {
    get { usages[quota] ?? StoreUsage() }
    set { usages[quota] = newValue }
  }

  /// Notes how full a table is.
  mutating func note(_ quota: TableQuota, entries: Int, bytes: Int) {
    self[quota].entries = entries
    self[quota].bytes = bytes
  }
}
