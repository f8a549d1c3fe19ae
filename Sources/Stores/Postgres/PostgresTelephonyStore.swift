package import CallCore
package import CallDriver
import Formats
import JSON

/// Accounts at telephone providers, or numbers, in a database; see `PostgresDatabase`. A change is made before it is answered.
package final class PostgresTelephonyStore<Resource: TelephonyResource>: TelephonyResourceStore {
  /// How a resource stands in its row.
  struct Form: Sendable {
    let quota: TableQuota
    let json: @Sendable (Resource) -> [UInt8]
    let read: @Sendable ([UInt8]) throws(WireFault) -> Resource
  }

  private let database: PostgresDatabase
  private let form: Form
  private let limits: TelephonyLimits

  init(_ database: PostgresDatabase, _ form: Form, limits: TelephonyLimits) {
    (self.database, self.form, self.limits) = (database, form, limits)
  }

  package func all(of owner: String?) throws(StoreError) -> [Resource] {
    guard let owner else { return try resources(selection("all", "true ORDER BY number")) }
    return try resources(selection("of", "owner = $1 ORDER BY number", [.text(owner)]))
  }

  package func one(id: String) throws(StoreError) -> Resource? {
    try resources(selection("one", "id = $1", [.text(id)])).first
  }

  package func one(unique text: String) throws(StoreError) -> Resource? {
    try resources(selection("unique", "unique_text = $1", [.text(text)])).first
  }

  package func add(_ resource: Resource) throws(StoreError) -> TelephonyChange {
    let insertion = insertion(of: resource)
    let count = PostgresStatement(
      "count-of-\(form.quota)", "SELECT count(*) FROM voiceforge_\(form.quota) WHERE owner = $1",
      [.text(resource.owner)])
    return try database.reader.change(form.quota) {
      connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let added = try connection.run([insertion], until: deadline)[0]
      guard added.count == 1 else { return .taken }
      fill.add(added)
      let own = try connection.run([count], until: deadline)[0].sum
      return fill.entries <= limits.entriesMax && own <= limits.perOwnerMax ? .done : .full
    }
  }

  package func update(id: String, _ change: (inout Resource) -> Bool) throws(StoreError) -> TelephonyChange {
    let selection = selection("one", "id = $1", [.text(id)])
    return try database.reader.change(form.quota) {
      connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let rows = try connection.run([selection], until: deadline)[0]
      guard rows.count == 1 else { return .missing }
      var resource: Resource
      do throws(WireFault) { resource = try form.read(rows.bytes(0, 0)) } catch {
        throw DatabaseFault(.unfit, "a row of voiceforge_\(form.quota) cannot be read")
      }
      guard change(&resource) else { return .unchanged }
      let written = try connection.run([update(to: resource)], until: deadline)[0]
      fill.bytes += written.sum
      return .done
    }
  }

  package func remove(id: String) throws(StoreError) -> TelephonyChange {
    let removal = PostgresStatement(
      "remove-one-\(form.quota)", "DELETE FROM voiceforge_\(form.quota) WHERE id = $1 RETURNING bytes", [.text(id)])
    return try database.reader.change(form.quota) {
      connection, fill, deadline throws(DatabaseFault) -> TelephonyChange in
      let gone = try connection.run([removal], until: deadline)[0]
      guard gone.count == 1 else { return .missing }
      fill.subtract(gone)
      return .done
    }
  }

  /// How full the store is, as the database's thread saw it last.
  package var usage: StoreUsage { database.usage(of: form.quota) }

  private func resources(_ statement: PostgresStatement) throws(StoreError) -> [Resource] {
    let rows = try database.reader.rows(statement)
    return try rows.values("a row of voiceforge_\(form.quota)", isSecret: true) { row throws(WireFault) in
      try form.read(rows.bytes(row, 0))
    }
  }

  private func selection(_ name: String, _ condition: String, _ values: [PostgresValue] = []) -> PostgresStatement {
    PostgresStatement(
      "select-\(name)-\(form.quota)", "SELECT resource FROM voiceforge_\(form.quota) WHERE \(condition)", values)
  }

  private func insertion(of resource: Resource) -> PostgresStatement {
    let json = form.json(resource)
    return PostgresStatement(
      "add-\(form.quota)",
      """
      INSERT INTO voiceforge_\(form.quota) (id, owner, unique_text, bytes, resource) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING RETURNING number, bytes, true
      """,
      [
        .text(resource.id), .text(resource.owner), resource.uniqueText.map { .text($0) } ?? .null,
        .integer(Int64(json.count + 200)), .json(json),
      ])
  }

  /// Gives by how many bytes the row grew.
  private func update(to resource: Resource) -> PostgresStatement {
    let json = form.json(resource)
    return PostgresStatement(
      "update-one-\(form.quota)",
      """
      UPDATE voiceforge_\(form.quota) SET bytes = $2, resource = $3 FROM
        (SELECT bytes AS old_bytes FROM voiceforge_\(form.quota) WHERE id = $1) AS before
      WHERE id = $1 RETURNING bytes - old_bytes
      """, [.text(resource.id), .integer(Int64(json.count + 200)), .json(json)])
  }
}

extension PostgresTelephonyStore<TelephonyProvider> {
  /// Accounts at providers.
  package convenience init(_ database: PostgresDatabase) {
    self.init(
      database,
      Form(
        quota: .providers, json: { TelephonyProviderArchive.json(of: $0) },
        read: { json throws(WireFault) in try TelephonyProviderArchive.provider(from: json) }),
      limits: database.core.settings.providers)
  }
}

extension TelephonyChange: StoreWriteResult {
  var isMade: Bool { self == .done }
}
