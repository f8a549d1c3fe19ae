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
      .instant("revokedAtUs", ifAny: \.revokedAtUnixMicroseconds),
      .instant("lastUsedAtUs", ifAny: \.lastUsedAtUnixMicroseconds), .bytes("salt", \.salt),
      .bytes("digest", \.digest),
    ]
  }
}

extension ArchiveMember {
  fileprivate static func bytes(_ name: String, _ path: WritableKeyPath<Root, [UInt8]>) -> Self {
    Self(path) { writer, bytes in
      writer.field(name, bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    } read: { fields, _ throws(WireFault) in
      let text = try fields.text(name)
      let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
      guard digits.count == text.count, digits.count.isMultiple(of: 2) else {
        throw fields.outOfRange(name, "pairs of hexadecimal digits", .string(text))
      }
      return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
  }
}
