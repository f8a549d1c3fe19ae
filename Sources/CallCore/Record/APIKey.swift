/// A key as a server keeps it: everything but the secret, which is shown once to whoever creates the key and then forgotten.
public struct APIKey: Sendable, Equatable {
  /// The part of the key that is no secret, by which it is found and listed.
  public var id: String
  /// What people call it, 1 … 100 characters.
  public var name: String
  /// What it is good for.
  public var scopes: Set<KeyScope>
  /// When it was made, microseconds since 1970 UTC.
  public var createdAtUnixMicroseconds: Int64
  /// From when on it counts no more, microseconds since 1970 UTC; `nil`: never.
  public var expiresAtUnixMicroseconds: Int64?
  /// Requests that it may make in a minute, 1 and up; `nil`: as many as it likes.
  public var requestsPerMinute: Int?
  /// Tokens of the language model that it may use on a day of UTC, 1 and up; `nil`: as many as it likes. What is under way when they are used
  /// up still ends.
  public var tokensPerDay: Int?
  /// When it was revoked, microseconds since 1970 UTC; `nil`: it was not.
  public var revokedAtUnixMicroseconds: Int64?
  /// When it was last accepted, microseconds since 1970 UTC, up to a minute behind; `nil`: never.
  public var lastUsedAtUnixMicroseconds: Int64?
  /// 16 random bytes that are this key's alone, so that equal secrets have different digests.
  public var salt: [UInt8]
  /// HMAC-SHA256 of the whole key with `salt`, 32 bytes.
  public var digest: [UInt8]

  package init(
    id: String, name: String, scopes: Set<KeyScope>, createdAtUnixMicroseconds: Int64, salt: [UInt8], digest: [UInt8]
  ) {
    self.id = id
    self.name = name
    self.scopes = scopes
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    self.salt = salt
    self.digest = digest
  }
}

/// What a key lets its holder do.
public enum KeyScope: String, CaseIterable, Sendable {
  /// Place calls.
  case call
  /// Read flows, voices, the history, test runs and figures.
  case read
  /// Change things: test cases, test runs, load tests and the keys themselves.
  case manage
  /// Use the speech engines directly.
  case speech
  /// Ask the language model directly, which may cost money.
  case model
  /// Have telephones called, which costs money and reaches people.
  case dial
}
