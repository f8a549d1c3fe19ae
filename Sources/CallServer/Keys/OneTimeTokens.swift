import Bounds
package import CallCore

/// Secrets in addresses that are good once, each for one thing. Only salted digests of them are kept, and finding one takes no comparison that
/// its text could be guessed by. A value that is told the time.
package struct OneTimeTokens<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    var value: Value
    var until: Timestamp?
  }

  private var entries: BoundedStore<[UInt8], Entry>
  private let prefix: String
  private let salt: [UInt8]

  /// None yet.
  /// - Parameters:
  ///   - prefix: what each begins with.
  ///   - countMax: how many wait to be used at most, 1 and up; the oldest make room.
  package init(prefix: String = "", countMax: Int) {
    var generator = SystemRandomNumberGenerator()
    salt = KeySecret.bytes(16, &generator)
    self.prefix = prefix
    entries = BoundedStore(entriesMax: countMax)
  }

  /// Tokens that were not used, too old ones among them.
  package var count: Int { entries.count }

  /// A new token, of 64 hexadecimal digits behind the prefix.
  /// - Parameter end: when it is too old; `nil`: never.
  package mutating func make(for value: Value, until end: Timestamp? = nil) -> String {
    var generator = SystemRandomNumberGenerator()
    let token = prefix + KeySecret.hex(KeySecret.bytes(32, &generator))
    entries.put(Entry(value: value, until: end), for: digest(of: token))
    return token
  }

  /// Uses a token up.
  /// - Parameter fits: says whether it is the one that belongs here; one that does not is left as it is.
  /// - Returns: what it stands for; `nil`: it is none, was used, or is too old.
  package mutating func use(_ token: String, at now: Timestamp, where fits: (Value) -> Bool = { _ in true }) -> Value? {
    guard token.utf8.count <= KeySecret.charactersMax else { return nil }
    let digest = digest(of: token)
    guard let entry = entries[digest], fits(entry.value) else { return nil }
    entries.remove(digest)
    if let end = entry.until, end <= now { return nil }
    return entry.value
  }

  /// Takes back what `isOver` holds for.
  package mutating func removeAll(where isOver: (Value) -> Bool) { entries.removeAll { isOver($0.value) } }

  private func digest(of token: String) -> [UInt8] { KeyedDigest.hmacSHA256(token.utf8, key: salt) }
}
