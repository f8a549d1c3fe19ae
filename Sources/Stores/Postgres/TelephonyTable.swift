import CallCore
import CallDriver
import Formats
import JSON
import Threads

/// The table of one kind of what keys have for their telephone calls: how a resource stands in its row, and the statements.
struct TelephonyTable<Resource: TelephonyResource>: Sendable {
  let quota: TableQuota
  let json: @Sendable (Resource) -> [UInt8]
  let read: @Sendable ([UInt8]) throws(WireFault) -> Resource

  func one(_ id: String) -> PostgresStatement { selection("one", "id = $1", [.text(id)]) }

  func selection(_ name: String, _ condition: String, _ values: [PostgresValue] = []) -> PostgresStatement {
    PostgresStatement("select-\(name)-\(quota)", "SELECT resource FROM voiceforge_\(quota) WHERE \(condition)", values)
  }

  /// Gives the bytes of what is gone.
  func removal(_ condition: String, _ name: String, _ values: [PostgresValue]) -> PostgresStatement {
    PostgresStatement(
      "remove-\(name)-\(quota)", "DELETE FROM voiceforge_\(quota) WHERE \(condition) RETURNING bytes", values)
  }

  var evictionOfOldest: PostgresStatement {
    removal("number = (SELECT min(number) FROM voiceforge_\(quota))", "oldest", [])
  }

  /// Adds a row, and looks whether there was room; where `overflow` lets the oldest go, that is left to the caller.
  func add(
    _ resource: Resource, _ limits: TelephonyLimits, _ connection: PostgresConnection, _ fill: inout TableQuota.Fill,
    _ deadline: Deadline
  ) throws(DatabaseFault) -> TelephonyChange {
    let added = try connection.run([insertion(of: resource)], until: deadline)[0]
    guard added.count == 1 else { return .taken }
    fill.add(added)
    if limits.perOwnerMax < .max {
      let count = PostgresStatement(
        "count-of-\(quota)", "SELECT count(*) FROM voiceforge_\(quota) WHERE owner = $1", [.text(resource.owner)])
      guard try connection.run([count], until: deadline)[0].sum <= limits.perOwnerMax else { return .full }
    }
    return fill.entries <= limits.entriesMax || limits.overflow == .evictOldest ? .done : .full
  }

  private func insertion(of resource: Resource) -> PostgresStatement {
    let json = json(resource)
    return PostgresStatement(
      "add-\(quota)",
      """
      INSERT INTO voiceforge_\(quota) (id, owner, unique_text, group_text, bytes, resource) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING RETURNING number, bytes, true
      """,
      [
        .text(resource.id), .text(resource.owner), resource.uniqueText.map { .text($0) } ?? .null,
        resource.groupText.map { .text($0) } ?? .null, .integer(Int64(json.count + 200)), .json(json),
      ])
  }

  /// Gives by how many bytes the row grew; no row where another one has its unique text.
  func update(to resource: Resource) -> PostgresStatement {
    let json = json(resource)
    return PostgresStatement(
      "update-one-\(quota)",
      """
      UPDATE voiceforge_\(quota) SET unique_text = $2, group_text = $3, bytes = $4, resource = $5 FROM
        (SELECT bytes AS old_bytes FROM voiceforge_\(quota) WHERE id = $1) AS old
      WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM voiceforge_\(quota) WHERE unique_text = $2 AND id <> $1)
      RETURNING bytes - old_bytes
      """,
      [
        .text(resource.id), resource.uniqueText.map { .text($0) } ?? .null,
        resource.groupText.map { .text($0) } ?? .null, .integer(Int64(json.count + 200)), .json(json),
      ])
  }
}

extension PostgresTelephonyStore<TelephonyProvider> {
  /// Accounts at providers.
  package convenience init(_ database: PostgresDatabase) {
    let form = TelephonyTable<TelephonyProvider>(
      quota: .providers, json: { TelephonyProviderArchive.json(of: $0) },
      read: { json throws(WireFault) in try TelephonyProviderArchive.provider(from: json) })
    self.init(database, form, limits: database.core.settings.providers)
  }
}

extension PostgresTelephonyStore<TelephonyNumber> {
  /// Telephone numbers.
  package convenience init(_ database: PostgresDatabase) {
    let form = TelephonyTable<TelephonyNumber>(
      quota: .numbers, json: { TelephonyNumberArchive.json(of: $0) },
      read: { json throws(WireFault) in try TelephonyNumberArchive.number(from: json) })
    self.init(database, form, limits: database.core.settings.numbers)
  }
}

extension PostgresTelephonyStore<PhoneCallRecord> {
  /// Telephone calls.
  package convenience init(_ database: PostgresDatabase) {
    let form = TelephonyTable<PhoneCallRecord>(
      quota: .phonecalls, json: { PhoneCallArchive.json(of: $0) },
      read: { json throws(WireFault) in try PhoneCallArchive.call(from: json) })
    let limits = TelephonyLimits(entriesMax: database.core.settings.phonecalls.entriesMax, overflow: .evictOldest)
    self.init(database, form, limits: limits)
  }
}

extension PostgresTelephonyStore<NodeFlow> {
  /// Flows of nodes.
  package convenience init(_ database: PostgresDatabase) {
    let form = TelephonyTable<NodeFlow>(
      quota: .nodeflows, json: { NodeFlowArchive.json(of: $0) },
      read: { json throws(WireFault) in try NodeFlowArchive.flow(from: json) })
    self.init(database, form, limits: database.core.settings.nodeFlows)
  }
}

extension TelephonyTable<Campaign> {
  /// Campaigns.
  static let campaigns = TelephonyTable<Campaign>(
    quota: .campaigns, json: { CampaignArchive.json(of: $0) },
    read: { json throws(WireFault) in try CampaignArchive.campaign(from: json) })
}
