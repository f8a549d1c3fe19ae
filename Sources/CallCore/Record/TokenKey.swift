/// A key that signs call tokens, shared by every server with the same store.
public struct TokenKey: Sendable, Equatable {
  /// Bytes of `secret`: as many as a digest of SHA-256 has, so that a longer one would add nothing (RFC 2104, section 3).
  public static let byteCount = 32

  /// Its number in the store, 1 and up; a newer key has a greater one.
  public var number: Int
  /// `byteCount` random bytes. Never logged or answered.
  public var secret: [UInt8]
  /// How long ago it was made, by the clock of the store.
  public var age: CallDuration

  /// - Parameters:
  ///   - number: 1 and up.
  ///   - secret: `byteCount` random bytes.
  ///   - age: zero and up.
  public init(number: Int, secret: [UInt8], age: CallDuration) {
    (self.number, self.secret, self.age) = (number, secret, age)
  }
}
