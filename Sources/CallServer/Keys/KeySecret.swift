package import CallCore
import WebSockets

/// A key in the form in which its holder has it: `vf_`, an id of 12 digits and a secret of 64, both hexadecimal. The fixed form lets
/// people and programs search files for keys that should not be there: `vf_[0-9a-f]{12}_[0-9a-f]{64}`.
package struct KeySecret: Sendable {
  /// The id of the key that the server's environment gives, whose text has a form of its own.
  package static let environmentID = "environment"
  /// Longest text that is looked at; longer ones are wrong.
  package static let charactersMax = 512

  /// The id by which the key is found.
  package let id: String
  /// All of it.
  package let text: String

  /// A new key of 256 random bits. The system's generator is `getrandom(2)`.
  package static func random() -> KeySecret {
    var generator = SystemRandomNumberGenerator()
    let id = hex(bytes(6, &generator))
    return KeySecret(id: id, text: "vf_\(id)_\(hex(bytes(32, &generator)))")
  }

  /// A key as it came with a request. Any text that has not the form can only be the environment's.
  package init(presented text: String) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    let isOurs = parts.count == 3 && parts[0] == "vf" && parts[1].utf8.count == 12 && parts[2].utf8.count == 64
    self.init(id: isOurs ? String(parts[1]) : Self.environmentID, text: text)
  }

  /// Whether this can only be the environment's key, which somebody thought up.
  package var form: FailedKeyThrottle.Form { id == Self.environmentID ? .guess : .made }

  private init(id: String, text: String) {
    self.id = id
    self.text = text
  }

  /// The key as it is kept.
  ///
  /// A fast digest is right here: what makes password digests slow is that passwords can be guessed, and 256 random bits cannot, so
  /// slowness would only cost every request. The salt keeps equal texts from having equal digests.
  package func sealed(name: String, scopes: Set<KeyScope>, at unixMicroseconds: Int64) -> APIKey {
    var generator = SystemRandomNumberGenerator()
    let salt = Self.bytes(16, &generator)
    return APIKey(
      id: id, name: name, scopes: scopes, createdAtUnixMicroseconds: unixMicroseconds, salt: salt,
      digest: KeyedDigest.hmacSHA256(text.utf8, key: salt))
  }

  /// Whether this is the text that `key` was made of.
  package func opens(_ key: APIKey) -> Bool {
    guard text.utf8.count <= Self.charactersMax else { return false }
    return KeyedDigest.isEqual(KeyedDigest.hmacSHA256(text.utf8, key: key.salt), key.digest)
  }

  static func bytes(_ count: Int, _ generator: inout SystemRandomNumberGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }

  static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
