import CallCore
import CallDriver
import Threads

/// Writes the queue into the database, keeps the connection alive and removes what is too old. Confined to the database's thread.
final class PostgresWriter {
  private enum Task { case connect, write, pulse, prune }

  private let core: DatabaseCore
  private var connection: PostgresConnection?
  private var failures = 0
  /// Records that are written one by one, because one of them was refused for its values.
  private var singly = 0
  private var nextPulse: Deadline
  private var nextPrune: Deadline

  init(_ core: DatabaseCore) {
    self.core = core
    nextPulse = .after(core.settings.pulsePeriod)
    nextPrune = .after(core.settings.prunePeriod)
  }

  /// Returns when it was told to stop and the queue is empty, or the time for that is over.
  func run() {
    while let task = nextTask() {
      do throws(DatabaseFault) {
        try perform(task, on: try openConnection())
        failures = 0
      } catch {
        connection = nil
        logUnreachable(error)
        pause()
      }
    }
    connection = nil
  }

  private func nextTask() -> Task? {
    let (isConnected, nextPrune) = (connection != nil, nextPrune)
    let task: Task?? = core.state.wait(until: min(nextPulse, nextPrune)) { state in
      if let stopBy = state.stopBy { return .some(state.queue.count == 0 || stopBy.isOver ? nil : .write) }
      if !isConnected { return .connect }
      if nextPrune.isOver { return .prune }
      return state.queue.count > 0 ? .write : nil
    }
    return task ?? .pulse
  }

  private func perform(_ task: Task, on connection: PostgresConnection) throws(DatabaseFault) {
    switch task {
    case .connect: break
    case .write:
      try write(on: connection)
      nextPulse = .after(core.settings.pulsePeriod)
    case .pulse: try pulse(on: connection)
    case .prune:
      try PostgresPruning(core: core, connection: connection).prune()
      nextPrune = .after(core.settings.prunePeriod)
    }
  }

  // MARK: connection

  private func openConnection() throws(DatabaseFault) -> PostgresConnection {
    if let connection { return connection }
    let settings = core.settings
    let fresh = try PostgresConnection(
      core.address, statementTime: settings.writeTime, until: core.deadline(settings.connectTime))
    try SchemaMigrator.bringUpToDate(fresh, statementTime: settings.writeTime)
    try pulse(on: fresh)
    connection = fresh
    let waiting = core.state.withLock { state in
      state.condition = .ready
      return state.queue.count
    }
    core.tell(.ready(database: core.address.name, waiting: waiting))
    return fresh
  }

  private func pulse(on connection: PostgresConnection) throws(DatabaseFault) {
    let rows = try connection.run([TableQuota.all], until: core.deadline(core.settings.connectTime))[0]
    core.state.withLock { state in
      for row in 0..<rows.count {
        guard let quota = TableQuota(rawValue: rows.text(row, 0)) else { continue }
        state.setUsage(of: quota, entries: rows.integer(row, 1) ?? 0, bytes: rows.integer(row, 2) ?? 0)
      }
    }
    nextPulse = .after(core.settings.pulsePeriod)
  }

  /// Says it once for each new kind of trouble, not with every attempt.
  private func logUnreachable(_ fault: DatabaseFault) {
    let isNews = core.state.withLock { state in
      let isNews = if case .away(let known) = state.condition { known.kind != fault.kind } else { true }
      state.condition = .away(fault)
      return isNews
    }
    if isNews { core.tell(.away(fault)) }
  }

  /// Waits before the next attempt: twice as long each time, up to the settings' limit. A stop ends the first wait that it meets.
  private func pause() {
    let settings = core.settings
    let wait = min(settings.retryMin * (1 << min(failures, 16)), settings.retryMax)
    failures += 1
    let wasStopping = core.state.read { $0.stopBy != nil }
    let _: Bool? = core.state.wait(until: core.deadline(wait)) { $0.stopBy != nil && !wasStopping ? true : nil }
  }

  // MARK: writing

  private func write(on connection: PostgresConnection) throws(DatabaseFault) {
    let settings = core.settings
    let entriesMax = singly > 0 ? 1 : settings.batchEntriesMax
    let batch = core.state.read { $0.queue.front(entriesMax: entriesMax, bytesMax: settings.batchBytesMax) }
    do throws(DatabaseFault) {
      try PostgresBatch(core: core, connection: connection).write(batch)
    } catch {
      guard error.blamesValues else { throw error }
      _ = try connection.run([.rollback], until: core.deadline(settings.writeTime))
      if batch.count == 1 { drop(batch[0], error) } else { singly = batch.count }
      return
    }
    singly = max(singly - batch.count, 0)
  }

  private func drop(_ record: PostgresRecord, _ fault: DatabaseFault) {
    core.state.withLock { state in
      state.queue.removeFirst(1)
      state[record.quota].lost += 1
    }
    core.tell(.refused(id: record.id, fault))
    singly = max(singly - 1, 0)
  }
}
