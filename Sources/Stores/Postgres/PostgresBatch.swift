import CallCore
import CallDriver
import Threads

/// Writes records in one transaction, makes room for them, and takes them out of the queue.
struct PostgresBatch {
  let core: DatabaseCore
  let connection: PostgresConnection

  /// The oldest things that are looked at in one go while room is made.
  private static let evictionsAtOnce = 500

  /// - Parameter batch: the front of the queue.
  /// - Throws: nothing was written then, or nobody heard whether it was; it may be written again.
  func write(_ batch: [PostgresRecord]) throws(DatabaseFault) {
    let deadline = core.deadline(core.settings.writeTime)
    // In one order everywhere, so that two servers never wait for each other.
    let quotas = TableQuota.allCases.filter { quota in batch.contains { $0.quota == quota } }
    let statements = [.begin] + quotas.map(\.lock) + batch.flatMap(\.statements)
    let rows = try connection.run(statements, until: deadline)
    var fills: [TableQuota: TableQuota.Fill] = [:]
    for (index, quota) in quotas.enumerated() { fills[quota] = try TableQuota.Fill(rows[1 + index]) }
    var index = 1 + quotas.count
    for record in batch {
      fills[record.quota]?.add(rows[index])
      index += record.statements.count
    }
    var evicted: [TableQuota: Int] = [:]
    for quota in quotas {
      guard var fill = fills[quota] else { continue }
      evicted[quota] = try evict(on: quota, &fill, until: deadline)
      fills[quota] = fill
    }
    _ = try connection.run(fills.map { $0.key.update($0.value) } + [.commit], until: deadline)
    core.state.withLock { state in
      state.queue.removeFirst(batch.count)
      for (quota, fill) in fills {
        state.setUsage(of: quota, entries: fill.entries, bytes: fill.bytes)
        state[quota].evicted += evicted[quota] ?? 0
      }
    }
  }

  /// The oldest make room until the rest fits; the newest stays, whatever its size.
  /// - Returns: how many went.
  private func evict(
    on quota: TableQuota, _ fill: inout TableQuota.Fill, until deadline: Deadline
  ) throws(DatabaseFault) -> Int {
    let limits = core.settings.retention(of: quota)
    var count = 0
    while fill.exceeds(limits) {
      let rows = try connection.run([quota.oldest(Self.evictionsAtOnce)], until: deadline)[0]
      var last: Int?
      for row in 0..<rows.count {
        guard fill.exceeds(limits) else { break }
        last = rows.integer(row, 0)
        fill.entries -= 1
        fill.bytes -= rows.integer(row, 1) ?? 0
        count += 1
      }
      // Somebody removed rows by hand; the next count mends the figures.
      guard let last else { break }
      _ = try connection.run([quota.remove(upTo: last)], until: deadline)
    }
    return count
  }
}

extension TableQuota.Fill {
  fileprivate func exceeds(_ limits: PostgresSettings.Retention) -> Bool {
    entries > limits.entriesMax || (bytes > limits.bytesMax && entries > 1)
  }
}

extension PostgresSettings {
  func retention(of quota: TableQuota) -> Retention {
    switch quota {
    case .calls: calls
    case .cases: cases
    case .runs: runs
    case .keys: keys
    case .flows: flows
    case .voices: voices
    case .usage: usage
    case .providers: Retention(entriesMax: providers.entriesMax, bytesMax: .max)
    case .numbers: Retention(entriesMax: numbers.entriesMax, bytesMax: .max)
    case .campaigns: Retention(entriesMax: campaigns.entriesMax, bytesMax: .max)
    case .phonecalls: phonecalls
    case .nodeflows: Retention(entriesMax: nodeFlows.entriesMax, bytesMax: .max)
    }
  }
}

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
      fill.subtract(gone)
    }
    let isLast = removed < Self.removalsAtOnce
    if isLast {
      let counted = try connection.run([quota.count], until: deadline)[0]
      fill.entries = counted.integer(0, 0) ?? fill.entries
      fill.bytes = counted.integer(0, 1) ?? fill.bytes
    }
    _ = try connection.run([quota.update(fill), .commit], until: deadline)
    core.state.withLock { state in
      state.setUsage(of: quota, entries: fill.entries, bytes: fill.bytes)
      state[quota].evicted += removed
    }
    return !isLast
  }
}
