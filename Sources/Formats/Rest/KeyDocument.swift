public import CallCore
public import JSON

/// A key as REST shows it: never its secret, except once to whoever creates it, and never what it is checked by.
public struct KeyDocument: Sendable, JSONDocument {
  private let key: APIKey
  private let isExpired: Bool
  private let secret: String?

  /// - Parameters:
  ///   - now: microseconds since 1970 UTC.
  ///   - secret: the whole key; only in the answer to its creation.
  public init(_ key: APIKey, nowUnixMicroseconds now: Int64, secret: String? = nil) {
    self.key = key
    isExpired = key.expiresAtUnixMicroseconds.map { $0 <= now } ?? false
    self.secret = secret
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", key.id)
    writer.field("name", key.name)
    writer.list("scopes", KeyScope.allCases.filter(key.scopes.contains)) { $0.value($1.rawValue) }
    writer.field("state", key.revokedAtUnixMicroseconds != nil ? "revoked" : isExpired ? "expired" : "active")
    writer.field("createdAt", UTCTime.text(unixMicroseconds: key.createdAtUnixMicroseconds))
    writer.field("expiresAt", key.expiresAtUnixMicroseconds.map { UTCTime.text(unixMicroseconds: $0) })
    writer.field("requestsPerMinute", key.requestsPerMinute)
    writer.field("lastUsedAt", key.lastUsedAtUnixMicroseconds.map { UTCTime.text(unixMicroseconds: $0) })
    writer.field("revokedAt", key.revokedAtUnixMicroseconds.map { UTCTime.text(unixMicroseconds: $0) })
    if let secret { writer.field("key", secret) }
  }
}
