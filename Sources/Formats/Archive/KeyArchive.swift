public import CallCore
public import JSON

/// A key as databases keep it and servers hand it on: JSON without loss. Its secret is not in it: nobody but its holder has that.
public enum KeyArchive {
  /// The whole key.
  public static func json(of key: APIKey) -> [UInt8] { ArchiveMembers.json(of: key) }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func key(from json: [UInt8]) throws(WireFault) -> APIKey {
    try ArchiveMembers.value(of: json, place: "key")
  }
}

extension APIKey: Archived {
  static var blank: APIKey {
    APIKey(id: "", name: "", scopes: [], createdAtUnixMicroseconds: 0, salt: [], digest: [])
  }

  mutating func archive(_ members: inout ArchiveMembers) throws(WireFault) {
    var names = scopes.names
    try members.text("id", &id)
    try members.text("name", &name)
    try members.texts("scopes", &names)
    try members.number("createdAtUs", &createdAtUnixMicroseconds)
    try members.number("expiresAtUs", ifAny: &expiresAtUnixMicroseconds)
    try members.number("requestsPerMinute", ifAny: &requestsPerMinute, from: 1)
    try members.number("revokedAtUs", ifAny: &revokedAtUnixMicroseconds)
    try members.number("lastUsedAtUs", ifAny: &lastUsedAtUnixMicroseconds)
    try members.bytes("salt", &salt)
    try members.bytes("digest", &digest)
    scopes = []
    for name in names { scopes.insert(try KeyRequest.scope(name)) }
  }
}

extension ArchiveMembers {
  fileprivate mutating func bytes(_ name: String, _ value: inout [UInt8]) throws(WireFault) {
    try member(&value) { writer, bytes in
      writer.field(name, bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    } read: { fields throws(WireFault) in
      let text = try fields.text(name)
      let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
      guard digits.count == text.count, digits.count.isMultiple(of: 2) else {
        throw fields.outOfRange(name, "pairs of hexadecimal digits", .string(text))
      }
      return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
  }
}
