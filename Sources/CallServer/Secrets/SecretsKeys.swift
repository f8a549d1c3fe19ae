package import CallCore

/// The keys with which credentials are kept: the one that seals, and perhaps the one before it, which still opens.
public struct SecretsKeys: Sendable {
  /// Why credentials cannot be read or kept.
  package enum Fault: Error, Equatable, CustomStringConvertible {
    /// There is no key.
    case noKey
    /// They were sealed with a key that is not here; with its id.
    case otherKey(String)
    /// They were changed, or belong elsewhere.
    case damaged

    /// What is wrong, and what to do.
    package var description: String {
      switch self {
      case .noKey:
        "this server has no VOICEFORGE_SECRETS_KEY, without which credentials are not kept: set it to 32 random bytes, such as "
          + "`openssl rand -hex 32` prints, and start the server again"
      case .otherKey(let id):
        "the credentials were sealed with the key \(id), which this server does not have: set VOICEFORGE_SECRETS_KEY_OLD to it, or give "
          + "the credentials anew"
      case .damaged: "the credentials were changed in the store; give them anew"
      }
    }
  }

  /// Seals, and opens.
  public let current: SecretsKey?
  /// Opens only: while credentials are sealed anew.
  public let previous: SecretsKey?

  /// - Parameters: `nil`: there is none.
  public init(current: SecretsKey? = nil, previous: SecretsKey? = nil) {
    self.current = current
    self.previous = previous
  }

  package func seal(_ plain: [UInt8], for place: String) throws(Fault) -> SealedSecret {
    guard let current else { throw .noKey }
    return current.seal(plain, for: place)
  }

  package func open(_ secret: SealedSecret, for place: String) throws(Fault) -> [UInt8] {
    guard current != nil || previous != nil else { throw .noKey }
    guard let key = [current, previous].compactMap({ $0 }).first(where: { $0.id == secret.keyID }) else {
      throw .otherKey(secret.keyID)
    }
    guard let plain = key.open(secret, for: place) else { throw .damaged }
    return plain
  }
}
