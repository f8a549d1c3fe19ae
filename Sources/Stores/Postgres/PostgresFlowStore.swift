package import CallCore
package import CallDriver

/// Flows in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.flows` and `flowVersionsMax`: full is full, but of a flow
/// with too many versions the oldest goes. A change is made before it is answered; of two servers that save one flow at once, the
/// second finds it outdated.
package final class PostgresFlowStore: FlowStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  package func flows() throws(StoreError) -> [FlowVersion] {
    try versions(
      PostgresStatement(
        "flows",
        """
        SELECT flow.name, kept.version, kept.text, kept.saved_at_us FROM voiceforge_flows flow
        JOIN voiceforge_flow_versions kept ON kept.flow = flow.number AND kept.version = flow.version
        """)
    ).sorted { $0.name < $1.name }
  }

  package func versions(of name: String) throws(StoreError) -> [FlowVersion] {
    try versions(.flowVersions(of: name))
  }

  package func add(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange {
    let first = FlowVersion(name: name, version: 1, text: text, savedAtUnixMicroseconds: now)
    return try change { transaction throws(DatabaseFault) in try transaction.insert([first]) }
  }

  package func save(_ name: String, text: String, after version: Int, at now: Int64) throws(StoreError) -> FlowChange {
    try change { transaction throws(DatabaseFault) in
      guard let flow = try transaction.flow(name) else { return .missing }
      guard flow.newest.version == version else { return .outdated(current: flow.newest.version) }
      return try transaction.append([flow.next(text, at: now)], to: flow)
    }
  }

  package func remove(_ name: String, at version: Int) throws(StoreError) -> FlowChange {
    try change { transaction throws(DatabaseFault) in
      guard let flow = try transaction.flow(name) else { return .missing }
      guard flow.newest.version == version else { return .outdated(current: flow.newest.version) }
      return try transaction.remove(flow)
    }
  }

  package func importFile(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange {
    let first = FlowVersion(name: name, version: 1, text: text, savedAtUnixMicroseconds: now)
    let known = try versions(of: name)
    let wasThere = known.contains { $0.text == text }
    let change = try change { transaction throws(DatabaseFault) -> FlowChange in
      let change: FlowChange
      if let flow = try transaction.flow(name) {
        let isKnown = flow.folderText.map { $0 == text } ?? wasThere
        if isKnown || flow.newest.text == text { return .taken }
        change = try transaction.append([flow.next(text, at: now)], to: flow)
      } else {
        change = try transaction.insert([first])
      }
      if change.isMade { try transaction.recordFolderText(text, of: name) }
      return change
    }
    // What was there already is now known to be the folder's. Twice is once.
    if change == .taken { _ = try database.reader.rows(.folderText(text, of: name)) }
    return change
  }

  /// Puts a flow of another server here with its versions as they are, or adds those that are newer than what is here.
  /// - Parameter versions: of one flow, the oldest first, each with the number behind the one before; at least one.
  /// - Returns: `.done`; `.taken` when all of it is here; `.outdated` when the flow here is another one or has gone on, and stays; `.full`.
  package func copy(_ versions: [FlowVersion]) throws(StoreError) -> FlowChange {
    guard let newest = versions.last else { return .missing }
    return try change { transaction throws(DatabaseFault) -> FlowChange in
      guard let flow = try transaction.flow(newest.name) else { return try transaction.insert(versions) }
      let here = flow.newest
      guard let known = versions.first(where: { $0.version == here.version }), known.text == here.text else {
        return .outdated(current: here.version)
      }
      if here.version == newest.version { return .taken }
      return try transaction.append(versions.filter { $0.version > here.version }, to: flow)
    }
  }

  /// See `FlowStore`.
  package func revision() throws(StoreError) -> Int {
    try database.reader.rows(
      PostgresStatement("flows-revision", "SELECT last_number FROM voiceforge_quotas WHERE name = 'flows'")
    ).sum
  }

  /// How full the store is, as the database's thread saw it last; only old versions are ever forgotten, and they are not counted.
  package var usage: StoreUsage { database.usage(of: .flows) }

  private func change(
    _ body: (inout FlowTransaction) throws(DatabaseFault) -> FlowChange
  ) throws(StoreError) -> FlowChange {
    let settings = database.core.settings
    return try database.reader.change(.flows) { connection, fill, deadline throws(DatabaseFault) -> FlowChange in
      var transaction = FlowTransaction(
        connection: connection, deadline: deadline, limits: settings.flows, versionsMax: settings.flowVersionsMax,
        fill: fill)
      let change = try body(&transaction)
      fill = transaction.fill
      // The quota's number goes up with every change, so that other servers notice it.
      fill.lastNumber += 1
      return change
    }
  }

  private func versions(_ statement: PostgresStatement) throws(StoreError) -> [FlowVersion] {
    let rows = try database.reader.rows(statement)
    return (0..<rows.count).map { FlowVersion(rows, $0) }
  }
}
