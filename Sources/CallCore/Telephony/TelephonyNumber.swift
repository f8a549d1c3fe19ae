/// A telephone number of an account at a provider, and which flow answers it.
public struct TelephonyNumber: Sendable, Equatable {
  /// What a number can carry, as the provider says.
  public struct Capabilities: Sendable, Equatable {
    /// Calls.
    public var voice: Bool
    /// Short messages; kept, not used.
    public var sms: Bool
    /// Messages with pictures; kept, not used.
    public var mms: Bool

    package init(voice: Bool = true, sms: Bool = false, mms: Bool = false) {
      (self.voice, self.sms, self.mms) = (voice, sms, mms)
    }
  }

  /// By which it is found; given by the server.
  public var id: String
  /// Id of the API key that it belongs to; empty where the server has none.
  public var owner: String
  /// Id of the account at the provider.
  public var providerID: String
  /// As E.164 has it, such as `+15550100`; never changes. No other row of the server has it.
  public var number: String
  /// What people call it, 1 … `nameMax` characters; `nil`: nothing.
  public var friendlyName: String?
  /// Two letters of ISO 3166-1; `nil`: not told.
  public var country: String?
  /// What it can carry.
  public var capabilities = Capabilities()
  /// Name of the flow that answers; `nil`: the server's own.
  public var flow: String?
  /// Whether calls to it are answered, and calls may be placed from it.
  public var isActive = true
  /// Microseconds since 1970 UTC.
  public var createdAtUnixMicroseconds: Int64
  /// When it was last changed, microseconds since 1970 UTC.
  public var updatedAtUnixMicroseconds: Int64

  /// Characters of a name.
  public static let nameMax = 100

  package init(id: String, owner: String, providerID: String, number: String, createdAtUnixMicroseconds: Int64) {
    self.id = id
    self.owner = owner
    self.providerID = providerID
    self.number = number
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    updatedAtUnixMicroseconds = createdAtUnixMicroseconds
  }
}

extension TelephonyNumber: TelephonyResource {
  /// The number itself: one flow answers it.
  public var uniqueText: String? { number }
  /// The account that it is of.
  public var groupText: String? { providerID }
}
