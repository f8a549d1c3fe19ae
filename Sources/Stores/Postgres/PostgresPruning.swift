import CallCore
import CallDriver
import Threads

/// Removes what is too old and counts the rest, in case somebody removed rows by hand.
struct PostgresPruning {
  let core: DatabaseCore
  let connection: PostgresConnection

  /// Things that go in one transaction, so that no other writer waits long.
  private static let removalsAtOnce = 1000

  func prune() throws(DatabaseFault) {
    for quota in TableQuota.allCases {
      while try pruneSome(of: quota), core.state.read({ $0.stopBy == nil }) {}
    }
  }

  /// - Returns: whether there may be more.
  private func pruneSome(of quota: TableQuota) throws(DatabaseFault) -> Bool {
    let deadline = core.deadline(core.settings.writeTime)
    let rows = try connection.run([.begin, quota.lock], until: deadline)
    var fill = try TableQuota.Fill(rows[1])
    var removed = 0
    if let age = core.settings.retention(of: quota).ageMax {
      let statement = quota.removeOlder(than: age.microseconds, count: Self.removalsAtOnce)
      let gone = try connection.run([statement], until: deadline)[0]
      removed = gone.count
      fill.entries -= removed
      fill.bytes -= (0..<removed).reduce(0) { $0 + (gone.integer($1, 0) ?? 0) }
    }
    let isLast = removed < Self.removalsAtOnce
    if isLast {
      let counted = try connection.run([quota.count], until: deadline)[0]
      fill.entries = counted.integer(0, 0) ?? fill.entries
      fill.bytes = counted.integer(0, 1) ?? fill.bytes
    }
    _ = try connection.run([quota.update(fill), .commit], until: deadline)
    core.state.withLock { state in
      state.note(quota, entries: fill.entries, bytes: fill.bytes)
      state[quota].evicted += removed
    }
    return !isLast
  }
}
