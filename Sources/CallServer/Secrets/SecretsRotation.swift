public import CallCore
public import CallDriver

/// Seals all credentials with the current key.
public struct SecretsRotation: Sendable {
  /// What came of it.
  public struct Result: Sendable, Equatable {
    /// Sealed anew.
    public var sealed = 0
    /// Sealed with the current key before.
    public var current = 0
    /// Ids of accounts whose credentials neither key opens; they stay as they are.
    public var unread: [String] = []

    package init(sealed: Int = 0, current: Int = 0, unread: [String] = []) {
      (self.sealed, self.current, self.unread) = (sealed, current, unread)
    }
  }

  private let keys: SecretsKeys

  /// - Parameter keys: the new one is `current`, the old one `previous`.
  public init(_ keys: SecretsKeys) { self.keys = keys }

  /// Goes over all accounts, each in a transaction of its own. May be repeated: what is sealed anew is left as it is.
  public func run(on providers: any TelephonyResourceStore<TelephonyProvider>) throws(StoreError) -> Result {
    var result = Result()
    for provider in try providers.all(of: nil) where provider.credentials != nil {
      var isCurrent = false
      let change = try providers.update(id: provider.id) { provider in
        guard let secret = provider.credentials else { return false }
        isCurrent = secret.keyID == keys.current?.id
        guard !isCurrent else { return false }
        do throws(SecretsKeys.Fault) {
          let plain = try keys.open(secret, for: provider.sealedPlace)
          provider.credentials = try keys.seal(plain, for: provider.sealedPlace)
          return true
        } catch { return false }
      }
      switch change {
      case .done: result.sealed += 1
      case .unchanged where isCurrent: result.current += 1
      case .unchanged, .taken, .full: result.unread.append(provider.id)
      case .missing: break
      }
    }
    return result
  }
}
