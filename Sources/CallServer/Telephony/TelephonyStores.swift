public import CallCore
public import CallDriver

/// Where a server keeps what its keys make for telephone calls, and the keys that credentials are sealed with.
public struct TelephonyStores: Sendable {
  /// Accounts at providers.
  public let providers: any TelephonyResourceStore<TelephonyProvider>
  /// Seals and opens credentials.
  public let secrets: SecretsKeys

  /// - Parameters: both outlive the server, or neither does.
  public init(providers: any TelephonyResourceStore<TelephonyProvider>, secrets: SecretsKeys) {
    self.providers = providers
    self.secrets = secrets
  }
}
