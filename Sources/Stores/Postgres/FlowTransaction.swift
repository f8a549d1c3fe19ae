import CallCore
import CallDriver
import Threads

/// The flows in the middle of a transaction that has them locked. What is too much for the limits is found out behind it, and undone
/// with the transaction.
struct FlowTransaction {
  /// A flow as its row says.
  struct Flow {
    let number: Int
    let newest: FlowVersion
    let folderText: String?
    let bytes: Int

    /// What comes behind the newest version.
    func next(_ text: String, at now: Int64) -> FlowVersion {
      FlowVersion(name: newest.name, version: newest.version + 1, text: text, savedAtUnixMicroseconds: now)
    }
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
    guard row.count == 1, let number = row.integer(0, 4) else { return nil }
    return Flow(
      number: number, newest: FlowVersion(row, 0), folderText: row.isNull(0, 5) ? nil : row.text(0, 5),
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

  /// Adds versions behind the newest one.
  mutating func append(_ versions: [FlowVersion], to flow: Flow) throws(DatabaseFault) -> FlowChange {
    guard let newest = versions.last else { return .missing }
    _ = try connection.run(
      versions.map { .addVersion($0, of: flow.number, bytes: Self.bytes(of: [$0])) }, until: deadline)
    let forgotten = try connection.run(
      [.forgetVersions(of: flow.number, upTo: newest.version - versionsMax)], until: deadline)[0]
    let growth = Self.bytes(of: versions) - forgotten.sum
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
    return .done(flow.newest)
  }

  /// Notes what the server's folder gave.
  func recordFolderText(_ text: String, of name: String) throws(DatabaseFault) {
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

extension FlowVersion {
  /// - Parameter rows: name, version, text and microseconds in the first four columns.
  init(_ rows: PostgresRows, _ row: Int) {
    self.init(
      name: rows.text(row, 0), version: rows.integer(row, 1) ?? 0, text: rows.text(row, 2),
      savedAtUnixMicroseconds: Int64(rows.integer(row, 3) ?? 0))
  }
}

extension PostgresStatement {
  /// The versions of a flow, the newest first: name, version, text, microseconds.
  static func flowVersions(of name: String) -> PostgresStatement {
    PostgresStatement(
      "flow-versions",
      """
      SELECT flow.name, kept.version, kept.text, kept.saved_at_us FROM voiceforge_flows flow
      JOIN voiceforge_flow_versions kept ON kept.flow = flow.number WHERE flow.name = $1 ORDER BY kept.version DESC
      """, [.text(name)])
  }

  /// A flow's newest version and its row: name, version, text, microseconds, number, the folder's text, bytes.
  static func newestFlow(_ name: String) -> PostgresStatement {
    PostgresStatement(
      "flow",
      """
      SELECT flow.name, flow.version, kept.text, kept.saved_at_us, flow.number, flow.folder_text, flow.bytes
      FROM voiceforge_flows flow
      JOIN voiceforge_flow_versions kept ON kept.flow = flow.number AND kept.version = flow.version
      WHERE flow.name = $1
      """, [.text(name)])
  }

  /// Adds a flow's row; gives its number, and nothing when there is one of that name.
  static func addFlow(_ newest: FlowVersion, bytes: Int) -> PostgresStatement {
    PostgresStatement(
      "add-flow",
      """
      INSERT INTO voiceforge_flows (name, version, bytes) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING
      RETURNING number
      """, [.text(newest.name), .integer(Int64(newest.version)), .integer(Int64(bytes))])
  }

  static func addVersion(_ version: FlowVersion, of flow: Int, bytes: Int) -> PostgresStatement {
    PostgresStatement(
      "add-flow-version",
      "INSERT INTO voiceforge_flow_versions (flow, version, saved_at_us, bytes, text) VALUES ($1, $2, $3, $4, $5)",
      [
        .integer(Int64(flow)), .integer(Int64(version.version)), .integer(version.savedAtUnixMicroseconds),
        .integer(Int64(bytes)), .text(version.text),
      ])
  }

  /// Takes the versions up to one away; gives the bytes of each.
  static func forgetVersions(of flow: Int, upTo version: Int) -> PostgresStatement {
    PostgresStatement(
      "forget-flow-versions",
      "DELETE FROM voiceforge_flow_versions WHERE flow = $1 AND version <= $2 RETURNING bytes",
      [.integer(Int64(flow)), .integer(Int64(version))])
  }

  static func newVersion(_ version: Int, of flow: Int, bytes: Int) -> PostgresStatement {
    PostgresStatement(
      "new-flow-version", "UPDATE voiceforge_flows SET version = $2, bytes = $3 WHERE number = $1",
      [.integer(Int64(flow)), .integer(Int64(version)), .integer(Int64(bytes))])
  }

  static func removeFlow(_ number: Int) -> PostgresStatement {
    PostgresStatement("remove-flow", "DELETE FROM voiceforge_flows WHERE number = $1", [.integer(Int64(number))])
  }

  /// Notes what the server's folder gave last.
  static func folderText(_ text: String, of name: String) -> PostgresStatement {
    PostgresStatement(
      "folder-text", "UPDATE voiceforge_flows SET folder_text = $2 WHERE name = $1", [.text(name), .text(text)])
  }
}
