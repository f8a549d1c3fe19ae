public import CallCore
public import JSON

/// Accounts at telephone providers as databases keep them: JSON without loss, credentials as they are sealed.
public enum TelephonyProviderArchive {
  /// The whole account.
  public static func json(of provider: TelephonyProvider) -> [UInt8] { provider.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func provider(from json: [UInt8]) throws(WireFault) -> TelephonyProvider {
    try TelephonyProvider(archive: json, place: "provider")
  }
}

extension TelephonyProvider: Archived {
  static let blank = TelephonyProvider(id: "", owner: "", kind: .custom, name: "", createdAtUnixMicroseconds: 0)
  static var members: [ArchiveMember<TelephonyProvider>] {
    [
      .text("id", \.id), .text("owner", \.owner), .choice("kind", \.kind, of: Kind.allCases), .text("name", \.name),
      .object("credentials", ifAny: \.credentials), .text("configuration", \.configuration),
      .flag("active", \.isActive), .instant("createdAtUs", \.createdAtUnixMicroseconds),
      .instant("updatedAtUs", \.updatedAtUnixMicroseconds),
    ]
  }
}

extension SealedSecret: Archived {
  static let blank = SealedSecret(keyID: "", nonce: [], sealed: [])
  static var members: [ArchiveMember<SealedSecret>] {
    [.text("keyId", \.keyID), .bytes("nonce", \.nonce), .bytes("sealed", \.sealed)]
  }
}
