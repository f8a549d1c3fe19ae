import CallCore
import CallDriver
import Threads

/// What the writer, the reader and the stores of one database share.
final class DatabaseCore: Sendable {
  let address: PostgresAddress
  let settings: PostgresSettings
  let state = Monitor(DatabaseState())
  let tell: @Sendable (DatabaseNews) -> Void

  init(address: PostgresAddress, settings: PostgresSettings, tell: @escaping @Sendable (DatabaseNews) -> Void) {
    self.address = address
    self.settings = settings
    self.tell = tell
  }

  /// Queues a record for the writer.
  /// - Throws: when the queue is full, or nobody writes any more.
  func enqueue(_ record: PostgresRecord) throws(StoreError) {
    let refusal = state.withLock { state -> String? in
      guard state.stopBy == nil else { return "the server is going down" }
      let isTaken = state.queue.append(
        record, entriesMax: settings.queueEntriesMax, bytesMax: settings.queueBytesMax)
      return isTaken ? nil : "\(state.queue.count) records of \(state.queue.bytes) bytes wait for the database already"
    }
    if let refusal { throw .unavailable(refusal) }
  }

  /// Waits until everything that was queued before is written, so that whoever was told of a record finds it.
  /// - Throws: at once while the database is away.
  func settle(until deadline: Deadline) throws(StoreError) {
    let target = state.read { $0.queue.taken }
    let outcome: Result<Void, DatabaseFault>? = state.wait(until: deadline) { state in
      if case .away(let fault) = state.condition { return .failure(fault) }
      guard case .ready = state.condition, state.queue.settled >= target else { return nil }
      return .success(())
    }
    switch outcome {
    case .success: return
    case .failure(let fault): throw .unavailable(fault.publicText)
    case nil: throw .unavailable(DatabaseFault(.tooSlow, "").publicText)
    }
  }

  /// `span` from now, or when the writer has to be through.
  func deadline(_ span: CallDuration) -> Deadline {
    let deadline = Deadline.after(span)
    return state.read { $0.stopBy.map { min($0, deadline) } ?? deadline }
  }
}

extension Deadline {
  /// - Parameter time: from now; negative counts as none.
  static func after(_ time: CallDuration) -> Deadline { .after(microseconds: UInt64(max(time.microseconds, 0))) }
}

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
  mutating func setUsage(of quota: TableQuota, entries: Int, bytes: Int) {
    self[quota].entries = entries
    self[quota].bytes = bytes
  }
}

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
