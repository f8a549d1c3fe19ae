public import CallCore
public import JSON

extension JSONObject {
  /// A key as REST shows it: never its secret, except once to whoever creates it, and never what it is checked by.
  /// - Parameters:
  ///   - now: microseconds since 1970 UTC.
  ///   - secret: the whole key; only in the answer to its creation.
  package static func key(_ key: APIKey, nowUnixMicroseconds now: Int64, secret: String? = nil) -> JSONObject {
    JSONObject { writer in
      let isExpired = key.expiresAtUnixMicroseconds.map { $0 <= now } ?? false
      writer.field("id", key.id)
      writer.field("name", key.name)
      writer.list("scopes", key.scopes.names)
      writer.field("state", key.revokedAtUnixMicroseconds != nil ? "revoked" : isExpired ? "expired" : "active")
      writer.field("createdAt", instant: key.createdAtUnixMicroseconds)
      writer.field("expiresAt", instant: key.expiresAtUnixMicroseconds)
      writer.field("requestsPerMinute", key.requestsPerMinute)
      writer.field("tokensPerDay", key.tokensPerDay)
      writer.field("lastUsedAt", instant: key.lastUsedAtUnixMicroseconds)
      writer.field("revokedAt", instant: key.revokedAtUnixMicroseconds)
      if let secret { writer.field("key", secret) }
    }
  }

  /// What `GET /api/keys` answers.
  /// - Parameters:
  ///   - keys: in the order in which they were made.
  ///   - isLasting: whether they are there after a restart.
  package static func keys(_ keys: [JSONObject], isLasting: Bool) -> JSONObject {
    JSONObject { writer in
      writer.field("lasting", isLasting)
      writer.list("keys", keys)
    }
  }
}

extension Set<KeyScope> {
  /// In the order in which they are documented.
  var names: [String] { KeyScope.allCases.filter(contains).map(\.rawValue) }
}

/// What `POST /api/keys` asks for; `Rest.md` lists the members.
public struct KeyRequest: Sendable, Equatable {
  /// What people call the key, 1 … `nameMax` characters.
  public var name: String
  /// What it is to be good for; at least one.
  public var scopes: Set<KeyScope>
  /// Seconds until it expires, 1 … `lifeMaxSeconds`; `nil`: never.
  public var expiresInSeconds: Int?
  /// Requests in a minute, 1 … `requestsPerMinuteMax`; `nil`: as many as it likes.
  public var requestsPerMinute: Int?
  /// Tokens of the language model on a day of UTC, 1 … `tokensPerDayMax`; `nil`: as many as it likes.
  public var tokensPerDay: Int?

  /// Characters of a name.
  public static let nameMax = 100
  /// Ten years.
  public static let lifeMaxSeconds = 315_360_000
  /// More than a server answers.
  public static let requestsPerMinuteMax = 1_000_000
  /// More than anybody pays for.
  public static let tokensPerDayMax = 1_000_000_000_000
  /// Largest body.
  public static let bytesMax = 4096

  package init(name: String, scopes: Set<KeyScope>) {
    self.name = name
    self.scopes = scopes
  }

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "key", bytesMax: Self.bytesMax)
    name = try fields.text("name", 1...Self.nameMax)
    scopes = try Self.scopes(fields)
    expiresInSeconds = try fields.optionalNumber("expiresInSeconds", 1...Self.lifeMaxSeconds)
    requestsPerMinute = try fields.optionalNumber("requestsPerMinute", 1...Self.requestsPerMinuteMax)
    tokensPerDay = try fields.optionalNumber("tokensPerDay", 1...Self.tokensPerDayMax)
  }

  /// A scope's name in what people write.
  /// - Throws: which scopes there are.
  public static func scope(_ name: String) throws(WireFault) -> KeyScope {
    if let scope = KeyScope(rawValue: name) { return scope }
    let known = KeyScope.allCases.map(\.rawValue).joined(separator: ", ")
    throw WireFault(.outOfRange, "key.scopes: there is no \(name.quoted); there are \(known)")
  }

  private static func scopes(_ fields: JSONFields) throws(WireFault) -> Set<KeyScope> {
    guard case .array(let elements)? = fields["scopes"], !elements.isEmpty else {
      throw WireFault(.wrongType, "key.scopes: expected a list of at least one scope")
    }
    guard elements.count <= KeyScope.allCases.count else {
      throw WireFault(.outOfRange, "key.scopes: expected each scope once, got \(elements.count)")
    }
    return Set(
      try elements.map { element throws(WireFault) in
        guard case .string(let name) = element else {
          throw WireFault(.wrongType, "key.scopes: expected texts, got \(element.summary)")
        }
        return try scope(name)
      })
  }
}

extension KeyRequest: JSONDocument {
  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("name", name)
    writer.list("scopes", scopes.names)
    if let expiresInSeconds { writer.field("expiresInSeconds", expiresInSeconds) }
    if let requestsPerMinute { writer.field("requestsPerMinute", requestsPerMinute) }
    if let tokensPerDay { writer.field("tokensPerDay", tokensPerDay) }
  }
}
