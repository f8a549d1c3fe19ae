public import CallCore
public import CallDriver

/// Where a server keeps what its keys have for telephone calls, and the keys that credentials are sealed with.
public struct TelephonyStores: Sendable {
  /// Accounts at providers.
  public let providers: any TelephonyResourceStore<TelephonyProvider>
  /// Their numbers.
  public let numbers: any TelephonyResourceStore<TelephonyNumber>
  /// Calls that were placed.
  public let calls: any TelephonyResourceStore<PhoneCallRecord>
  /// Lists of numbers that are called.
  public let campaigns: any CampaignStore
  /// Seals and opens credentials.
  public let secrets: SecretsKeys

  /// - Parameters: all outlive the server, or none does.
  public init(
    providers: any TelephonyResourceStore<TelephonyProvider>, numbers: any TelephonyResourceStore<TelephonyNumber>,
    calls: any TelephonyResourceStore<PhoneCallRecord>, campaigns: any CampaignStore, secrets: SecretsKeys
  ) {
    self.providers = providers
    self.numbers = numbers
    self.calls = calls
    self.campaigns = campaigns
    self.secrets = secrets
  }
}
