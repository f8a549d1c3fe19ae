/// An account at a telephone provider, over which numbers are reached and calls are placed.
public struct TelephonyProvider: Sendable, Equatable {
  /// Who the provider is. The raw values stand in REST and in databases.
  public enum Kind: String, CaseIterable, Sendable {
    case twilio, telnyx, vonage, zadarma
    /// Somebody else.
    case custom
  }

  /// By which it is found; given by the server.
  public var id: String
  /// Id of the API key that it belongs to; empty where the server has none.
  public var owner: String
  /// Who the provider is; never changes.
  public var kind: Kind
  /// What people call it, 1 … `nameMax` characters.
  public var name: String
  /// What the provider wants to be shown, sealed; `nil`: nothing was given.
  public var credentials: SealedSecret?
  /// An object in JSON, as it was given; not secret. At most `configurationBytesMax`.
  public var configuration: String
  /// Whether it may be used.
  public var isActive: Bool
  /// Microseconds since 1970 UTC.
  public var createdAtUnixMicroseconds: Int64
  /// When it was last changed, microseconds since 1970 UTC.
  public var updatedAtUnixMicroseconds: Int64

  /// Characters of a name.
  public static let nameMax = 100
  /// Bytes of `configuration`: what providers want to know fits into a tenth of it.
  public static let configurationBytesMax = 4096
  /// Credentials of one provider: the greatest of those above has four.
  public static let credentialsMax = 16
  /// Characters of one of them: a private key of 4096 bits in PEM has 3,300.
  public static let credentialCharactersMax = 4096

  package init(id: String, owner: String, kind: Kind, name: String, createdAtUnixMicroseconds: Int64) {
    self.id = id
    self.owner = owner
    self.kind = kind
    self.name = name
    configuration = "{}"
    isActive = true
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    updatedAtUnixMicroseconds = createdAtUnixMicroseconds
  }
}

extension TelephonyProvider: TelephonyResource {}

extension TelephonyProvider {
  /// What its credentials are sealed for: nobody can put them into another provider's row, or into that of another key.
  package var sealedPlace: String { "voiceforge provider \(id) of key \(owner)" }
}
