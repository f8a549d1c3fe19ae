import CallDriver
import Threads

/// The flows in the middle of a transaction that has them locked. What is too much for the limits is found out behind it, and undone
/// with the transaction.
struct FlowTransaction {
  /// A flow as its row says.
  struct Flow {
    let number: Int
    let name: String
    let version: Int
    let text: String
    let savedAt: Int64
    let folderText: String?
    let bytes: Int
  }

  let connection: PostgresConnection
  let deadline: Deadline
  let limits: PostgresSettings.Retention
  let versionsMax: Int
  /// How full the table is, with what was changed so far.
  var fill: TableQuota.Fill

  /// A flow with its newest version; `nil` when there is none of that name.
  func flow(_ name: String) throws(DatabaseFault) -> Flow? {
    let row = try connection.run([.newestFlow(name)], until: deadline)[0]
    guard row.count == 1, let number = row.integer(0, 0), let version = row.integer(0, 1) else { return nil }
    return Flow(
      number: number, name: row.text(0, 5), version: version, text: row.text(0, 2),
      savedAt: Int64(row.integer(0, 3) ?? 0), folderText: row.isNull(0, 4) ? nil : row.text(0, 4),
      bytes: row.integer(0, 6) ?? 0)
  }

  /// Adds a flow.
  /// - Parameter versions: the oldest first, at least one.
  mutating func insert(_ versions: [FlowVersion]) throws(DatabaseFault) -> FlowChange {
    guard let newest = versions.last else { return .missing }
    let kept = versions.suffix(versionsMax)
    let row = try connection.run([.addFlow(newest, bytes: Self.bytes(of: Array(kept)))], until: deadline)[0]
    guard row.count == 1, let number = row.integer(0, 0) else { return .taken }
    _ = try connection.run(kept.map { .addVersion($0, of: number, bytes: Self.bytes(of: [$0])) }, until: deadline)
    fill.entries += 1
    fill.bytes += Self.bytes(of: Array(kept))
    if fill.entries > limits.entriesMax { return .full(limit: "\(limits.entriesMax) flows") }
    return fullOfBytes ?? .done(newest)
  }

  /// Adds a version behind the newest one.
  mutating func append(_ text: String, to flow: Flow, at now: Int64) throws(DatabaseFault) -> FlowChange {
    let next = FlowVersion(name: flow.name, version: flow.version + 1, text: text, savedAtUnixMicroseconds: now)
    return try append([next], to: flow)
  }

  /// Adds versions behind the newest one.
  mutating func append(_ versions: [FlowVersion], to flow: Flow) throws(DatabaseFault) -> FlowChange {
    guard let newest = versions.last else { return .missing }
    _ = try connection.run(
      versions.map { .addVersion($0, of: flow.number, bytes: Self.bytes(of: [$0])) }, until: deadline)
    let forgotten = try connection.run(
      [.forgetVersions(of: flow.number, upTo: newest.version - versionsMax)], until: deadline)[0]
    let gone = (0..<forgotten.count).reduce(0) { $0 + (forgotten.integer($1, 0) ?? 0) }
    let growth = Self.bytes(of: versions) - gone
    _ = try connection.run(
      [.newVersion(newest.version, of: flow.number, bytes: flow.bytes + growth)], until: deadline)
    fill.bytes += growth
    return fullOfBytes ?? .done(newest)
  }

  /// Takes a flow away with all its versions.
  mutating func remove(_ flow: Flow) throws(DatabaseFault) -> FlowChange {
    _ = try connection.run([.removeFlow(flow.number)], until: deadline)
    fill.entries -= 1
    fill.bytes -= flow.bytes
    return .done(
      FlowVersion(name: flow.name, version: flow.version, text: flow.text, savedAtUnixMicroseconds: flow.savedAt))
  }

  /// Notes what the server's folder gave.
  func noteFolder(_ text: String, of name: String) throws(DatabaseFault) {
    _ = try connection.run([.folderText(text, of: name)], until: deadline)
  }

  private var fullOfBytes: FlowChange? {
    fill.bytes > limits.bytesMax ? .full(limit: "\(limits.bytesMax) bytes of flows") : nil
  }

  /// The estimate of `MemoryFlowStore`.
  private static func bytes(of versions: [FlowVersion]) -> Int {
    versions.reduce(0) { $0 + $1.text.utf8.count + $1.name.utf8.count + 64 }
  }
}
