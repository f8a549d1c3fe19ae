package import CallCore
package import CallDriver
import JSON
import Formats
import Threads

/// Keys in a database; see `PostgresDatabase`. Bounded by `PostgresSettings.keys`. A change is made before it is answered. Kept are a
/// key's salt and digest; what its holder has is nowhere.
package final class PostgresKeyStore: KeyStore {
  private let database: PostgresDatabase

  package init(_ database: PostgresDatabase) { self.database = database }

  /// True.
  package var isLasting: Bool { true }

  package func keys() throws(StoreError) -> [APIKey] {
    let rows = try database.reader.rows(
      PostgresStatement("keys", "SELECT key, revoked_at_us, used_at_us FROM voiceforge_keys ORDER BY number"))
    return try rows.values("a key", isSecret: true) { row throws(WireFault) in
      var key = try KeyArchive.key(from: rows.bytes(row, 0))
      key.revokedAtUnixMicroseconds = rows.integer(row, 1).map(Int64.init)
      key.lastUsedAtUnixMicroseconds = rows.integer(row, 2).map(Int64.init)
      return key
    }
  }

  package func add(_ key: APIKey) throws(StoreError) -> KeyChange {
    let limit = database.core.settings.keys.entriesMax
    var evicted = 0
    let change = try database.reader.change(.keys) { connection, fill, deadline throws(DatabaseFault) -> KeyChange in
      let added = try connection.run([Self.insertion(key)], until: deadline)[0]
      guard added.count == 1, let number = added.integer(0, 0) else { return .taken }
      fill.add(added)
      guard fill.entries > limit else { return .done }
      let gone = try connection.run([Self.eviction(sparing: number)], until: deadline)[0]
      guard gone.count == 1 else { return .full }
      fill.subtract(gone)
      evicted = 1
      return .done
    }
    if change == .done, evicted > 0 { database.core.state.withLock { $0[.keys].evicted += evicted } }
    return change
  }

  /// Marks a key as revoked; see `KeyStore`. Twice is once, so a broken connection is no trouble.
  package func revoke(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    try update(
      PostgresStatement(
        "revoke-key",
        "UPDATE voiceforge_keys SET revoked_at_us = coalesce(revoked_at_us, $2) WHERE id = $1 RETURNING number",
        [.text(id), .integer(instant)]))
  }

  package func recordUse(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    try update(
      PostgresStatement(
        "use-key",
        "UPDATE voiceforge_keys SET used_at_us = greatest(used_at_us, $2) WHERE id = $1 RETURNING number",
        [.text(id), .integer(instant)]))
  }

  package func tokenKeys(candidate: [UInt8], rotation: CallDuration) throws(StoreError) -> [TokenKey] {
    let known = try Self.read(try database.reader.rows(Self.tokenKeys))
    guard Self.isDue(known, rotation) else { return known }
    // Whoever locks the keys' quota first makes the key; the others find it.
    _ = try database.reader.change(.keys) { connection, _, deadline throws(DatabaseFault) -> Bool in
      let newest = try connection.run([Self.tokenKeys], until: deadline)[0]
      guard newest.count == 0 || (newest.integer(0, 2) ?? 0) >= rotation.microseconds else { return false }
      _ = try connection.run([Self.addition(of: candidate), Self.removalOfOldTokenKeys], until: deadline)
      return true
    }
    return try Self.read(try database.reader.rows(Self.tokenKeys))
  }

  /// How full the store is, as the database's thread saw it last; `evicted` are this server's.
  package var usage: StoreUsage { database.usage(of: .keys) }

  private func update(_ statement: PostgresStatement) throws(StoreError) -> KeyChange {
    try database.reader.rows(statement).count == 1 ? .done : .missing
  }

  private static func isDue(_ keys: [TokenKey], _ rotation: CallDuration) -> Bool {
    keys.first.map { $0.age >= rotation } ?? true
  }

  private static func read(_ rows: PostgresRows) throws(StoreError) -> [TokenKey] {
    try rows.values("a key of call tokens", isSecret: true) { row throws(WireFault) in
      let digits = rows.text(row, 1).compactMap(\.hexDigitValue).map(UInt8.init)
      let secret = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
      guard let number = rows.integer(row, 0), secret.count == TokenKey.byteCount,
        let age = rows.integer(row, 2)
      else { throw WireFault(.outOfRange, "voiceforge_token_keys: expected \(TokenKey.byteCount) bytes") }
      // The clock of the database may have been set back.
      return TokenKey(number: number, secret: secret, age: .microseconds(Int64(max(0, age))))
    }
  }

  private static let tokenKeys = PostgresStatement(
    "token-keys",
    """
    SELECT number, encode(secret, 'hex'), (extract(epoch FROM clock_timestamp() - made_at) * 1000000)::bigint
    FROM voiceforge_token_keys ORDER BY number DESC LIMIT 2
    """)

  private static func addition(of secret: [UInt8]) -> PostgresStatement {
    PostgresStatement("add-token-key", "INSERT INTO voiceforge_token_keys (secret) VALUES ($1)", [.bytes(secret)])
  }

  private static let removalOfOldTokenKeys = PostgresStatement(
    "remove-token-keys",
    """
    DELETE FROM voiceforge_token_keys
    WHERE number NOT IN (SELECT number FROM voiceforge_token_keys ORDER BY number DESC LIMIT 2)
    """)

  private static func insertion(_ key: APIKey) -> PostgresStatement {
    var lasting = key
    lasting.revokedAtUnixMicroseconds = nil
    lasting.lastUsedAtUnixMicroseconds = nil
    let json = KeyArchive.json(of: lasting)
    return PostgresStatement(
      "add-key",
      """
      INSERT INTO voiceforge_keys (id, bytes, revoked_at_us, used_at_us, key) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (id) DO NOTHING RETURNING number, bytes, true
      """,
      [
        .text(key.id), .integer(Int64(json.count + 200)),
        key.revokedAtUnixMicroseconds.map { .integer($0) } ?? .null,
        key.lastUsedAtUnixMicroseconds.map { .integer($0) } ?? .null, .json(json),
      ])
  }

  /// Takes away what was revoked first; never the key that needs the room.
  private static func eviction(sparing number: Int) -> PostgresStatement {
    PostgresStatement(
      "evict-key",
      """
      DELETE FROM voiceforge_keys WHERE number = (
        SELECT number FROM voiceforge_keys WHERE revoked_at_us IS NOT NULL AND number <> $1
        ORDER BY revoked_at_us, number LIMIT 1) RETURNING bytes
      """, [.integer(Int64(number))])
  }
}
