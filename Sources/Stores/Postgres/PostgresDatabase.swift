public import CallDriver
import CallCore
import Threads

/// A PostgreSQL database for everything that a server keeps.
///
/// Writing is a matter of a queue and one thread; whoever hands a record over never waits. While the database is away, records wait in
/// the queue, and what does not fit is refused; when it is back, they are written in their order, each once. Questions go over a
/// second connection, wait for what was handed over before them, and end after `PostgresSettings.readTime` at the latest.
///
/// ```swift
/// let database = try PostgresDatabase("postgres://me:secret@127.0.0.1/calls") { print($0) }
/// try database.start()
/// let store = PostgresCallStore(database)
/// let lost = database.stop()
/// ```
public final class PostgresDatabase: Sendable {
  let core: DatabaseCore
  let reader: PostgresReader
  private let thread = WorkerPool(threadCount: 1)

  /// Connects to nothing yet.
  /// - Parameters:
  ///   - url: `postgres://user:password@host:port/database`, in any form that libpq takes for URLs; options such as `sslmode` or
  ///     `options=-csearch_path%3Dcalls` may follow behind a `?`.
  ///   - tell: for the log; called on the database's thread.
  /// - Throws: `.badAddress`.
  public init(
    _ url: String, settings: PostgresSettings = PostgresSettings(),
    tell: @escaping @Sendable (DatabaseNews) -> Void
  ) throws(DatabaseFault) {
    do throws(DatabaseFault) {
      core = DatabaseCore(address: try PostgresAddress(url), settings: settings, tell: tell)
    } catch {
      thread.stop()
      throw error
    }
    reader = PostgresReader(core)
  }

  /// Connects, brings the tables up to date and starts the thread. When the database is away it returns all the same: records wait.
  /// - Throws: what only a person can mend, such as a wrong password or tables of a newer version.
  public func start() throws(DatabaseFault) {
    _ = thread.submit(.idle) { [core] in PostgresWriter(core).run() }
    let limit = core.settings.connectTime + SchemaMigrator.timeMax * (SchemaStep.newest + 2)
    let fault: DatabaseFault?? = core.state.wait(until: .after(limit)) { state in
      switch state.condition {
      case .starting: nil
      case .ready: .some(nil)
      case .away(let fault): .some(fault)
      }
    }
    guard let fault = fault ?? nil, fault.needsOperator else { return }
    _ = stop()
    throw fault
  }

  /// Takes no more records, and writes those that wait for at most `PostgresSettings.stopTime`.
  /// - Returns: records that could not be written; they are told as news and counted as lost.
  @discardableResult
  public func stop() -> Int {
    core.state.withLock { $0.stopBy = $0.stopBy ?? .after(core.settings.stopTime) }
    thread.finish()
    reader.close()
    let lost = core.state.withLock { state in
      let rest = state.queue.front(entriesMax: .max, bytesMax: .max)
      for record in rest { state[record.quota].lost += 1 }
      state.queue.removeFirst(rest.count)
      state.condition = .away(DatabaseFault(.lost, "the database is closed"))
      return rest.count
    }
    if lost > 0 { core.tell(.unwritten(lost)) }
    return lost
  }

  /// Whether the database can be used, in words that anybody may read.
  public var health: StoreHealth {
    core.state.read { state in
      switch state.condition {
      case .ready: return .well
      case .starting: return .degraded("the database is being connected to")
      case .away(let fault): return .degraded("\(fault.publicText); \(state.queue.count) records wait for it")
      }
    }
  }

  /// Waits until everything that was handed over is written, at most `PostgresSettings.readTime`.
  /// - Throws: `.unavailable` when it is not.
  public func settle() throws(StoreError) { try core.settle(until: .after(core.settings.readTime)) }

  /// How full a table is, as the database's thread saw it last; asks nobody.
  func usage(of quota: TableQuota) -> StoreUsage {
    core.state.read { state in
      var usage = state[quota]
      usage.waiting = state.queue.count(of: quota)
      return usage
    }
  }
}
