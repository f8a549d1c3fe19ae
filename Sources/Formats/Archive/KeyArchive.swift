public import CallCore
public import JSON

/// A key as databases keep it and servers hand it on: JSON without loss. Its secret is not in it: nobody but its holder has that.
public enum KeyArchive {
  /// The whole key.
  public static func json(of key: APIKey) -> [UInt8] { key.archive }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func key(from json: [UInt8]) throws(WireFault) -> APIKey { try APIKey(archive: json, place: "key") }
}

extension APIKey: Archived {
  static let blank = APIKey(id: "", name: "", scopes: [], createdAtUnixMicroseconds: 0, salt: [], digest: [])
  static var members: [ArchiveMember<APIKey>] {
    [
      .text("id", \.id), .text("name", \.name),
      ArchiveMember(\.scopes) {
        $0.list("scopes", $1.names)
      } read: { fields, _ throws(WireFault) in
        Set(try fields.textList("scopes").map(KeyRequest.scope))
      },
      .instant("createdAtUs", \.createdAtUnixMicroseconds), .instant("expiresAtUs", ifAny: \.expiresAtUnixMicroseconds),
      .number("requestsPerMinute", ifAny: \.requestsPerMinute, from: 1),
      .number("tokensPerDay", ifAny: \.tokensPerDay, from: 1),
      .instant("revokedAtUs", ifAny: \.revokedAtUnixMicroseconds),
      .instant("lastUsedAtUs", ifAny: \.lastUsedAtUnixMicroseconds), .bytes("salt", \.salt),
      .bytes("digest", \.digest),
    ]
  }
}
