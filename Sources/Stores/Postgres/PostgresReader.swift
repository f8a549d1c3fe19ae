import CallCore
import CallDriver
import Threads

/// The second connection: whoever asks a question borrows it, one after the other, and waits no longer than `readTime`.
final class PostgresReader: Sendable {
  private struct Lease {
    var connection: PostgresConnection?
    var isTaken = false
    var failures = 0
    /// Until then nobody tries to connect, so that a database that hangs does not keep every thread that asks.
    var closed: (until: Deadline, for: DatabaseFault)?
  }

  private let core: DatabaseCore
  private let lease = Monitor(Lease())

  init(_ core: DatabaseCore) { self.core = core }

  /// Asks questions, and makes changes that may be made once more.
  /// - Returns: one for each statement.
  func query(_ statements: [PostgresStatement]) throws(StoreError) -> [PostgresRows] {
    try borrow(mayRepeat: true) { connection, deadline throws(DatabaseFault) in
      try connection.run(statements, until: deadline)
    }
  }

  /// Asks one question.
  func rows(_ statement: PostgresStatement) throws(StoreError) -> PostgresRows { try query([statement])[0] }

  /// Which of these ids a table has.
  func known(among ids: [String], in quota: TableQuota) throws(StoreError) -> Set<String> {
    let found = try query(ids.map(quota.finding))
    return Set(zip(ids, found).filter { $0.1.count > 0 }.map(\.0))
  }

  /// Changes a table in one transaction.
  /// - Parameter body: works on the locked table; it writes what it changed of how full the table is.
  /// - Returns: what `body` gave; where that is a change that is made, the transaction was committed, otherwise nothing changed.
  func change<Change: StoreWriteResult>(
    _ quota: TableQuota,
    _ body: (PostgresConnection, inout TableQuota.Fill, Deadline) throws(DatabaseFault) -> Change
  ) throws(StoreError) -> Change {
    try borrow(mayRepeat: false) { connection, deadline throws(DatabaseFault) in
      var fill = try TableQuota.Fill(try connection.run([.begin, quota.lock], until: deadline)[1])
      let change = try body(connection, &fill, deadline)
      guard change.isMade else {
        _ = try connection.run([.rollback], until: deadline)
        return change
      }
      _ = try connection.run([quota.update(fill), .commit], until: deadline)
      core.state.withLock { $0.setUsage(of: quota, entries: fill.entries, bytes: fill.bytes) }
      return change
    }
  }

  /// Closes the connection.
  func close() { lease.withLock { $0.connection = nil } }

  private typealias Work<Answer> = (PostgresConnection, Deadline) throws(DatabaseFault) -> Answer

  private func borrow<Answer>(mayRepeat: Bool, _ work: Work<Answer>) throws(StoreError) -> Answer {
    let deadline = Deadline.after(core.settings.readTime)
    try core.settle(until: deadline)
    let taken = lease.wait(until: deadline) { lease -> Result<PostgresConnection?, DatabaseFault>? in
      guard !lease.isTaken else { return nil }
      if lease.connection == nil, let closed = lease.closed, !closed.until.isOver { return .failure(closed.for) }
      lease.isTaken = true
      return .success(lease.connection)
    }
    do throws(DatabaseFault) {
      guard let taken else { throw DatabaseFault(.tooSlow, "others ask the database") }
      return try perform(with: try taken.get(), mayRepeat: mayRepeat, until: deadline, work)
    } catch {
      throw .unavailable(error.publicText)
    }
  }

  /// Works with the kept connection, or with a new one. Gives the lease back.
  private func perform<Answer>(
    with kept: PostgresConnection?, mayRepeat: Bool, until deadline: Deadline, _ work: Work<Answer>
  ) throws(DatabaseFault) -> Answer {
    var connection = kept
    do throws(DatabaseFault) {
      let answer = try attempt(&connection, mayRepeat: mayRepeat, until: deadline, work)
      lease.withLock { $0 = Lease(connection: connection) }
      return answer
    } catch {
      lease.withLock { lease in
        let settings = core.settings
        let wait = min(settings.retryMin * (1 << min(lease.failures, 16)), settings.retryMax)
        // A statement that was refused says nothing about the next one.
        let closed = error.kind == .statement ? nil : (until: Deadline.after(wait), for: error)
        lease = Lease(failures: lease.failures + 1, closed: closed)
      }
      throw error
    }
  }

  /// A kept connection may have been broken for long, and a question can be asked again. A change cannot, because nobody knows how
  /// far it came; so the connection is tried out first.
  private func attempt<Answer>(
    _ connection: inout PostgresConnection?, mayRepeat: Bool, until deadline: Deadline, _ work: Work<Answer>
  ) throws(DatabaseFault) -> Answer {
    if let kept = connection {
      do throws(DatabaseFault) {
        if mayRepeat { return try work(kept, deadline) }
        _ = try kept.run([TableQuota.all], until: deadline)
      } catch {
        guard error.kind == .lost else { throw error }
        connection = nil
      }
    }
    if connection == nil {
      connection = try PostgresConnection(
        core.address, statementTime: core.settings.readTime,
        until: min(deadline, .after(core.settings.connectTime)))
    }
    guard let connection else { preconditionFailure("it was opened above") }
    return try work(connection, deadline)
  }
}

/// What became of a change to a table.
protocol StoreWriteResult {
  /// Whether anything is different now, so that it must be written.
  var isMade: Bool { get }
}

extension TestCaseChange: StoreWriteResult {
  var isMade: Bool { self == .done }
}

extension KeyChange: StoreWriteResult {
  var isMade: Bool { self == .done }
}

extension FlowChange: StoreWriteResult {
  var isMade: Bool { if case .done = self { true } else { false } }
}

/// Of a change that is made or not.
extension Bool: StoreWriteResult {
  var isMade: Bool { self }
}
