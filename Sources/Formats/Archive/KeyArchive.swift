public import CallCore
public import JSON

/// A key as databases keep it and servers hand it on: JSON without loss. Its secret is not in it: nobody but its holder has that.
public enum KeyArchive {
  /// The whole key.
  public static func json(of key: APIKey) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.field("id", key.id)
      writer.field("name", key.name)
      writer.list("scopes", KeyScope.allCases.filter(key.scopes.contains)) { $0.value($1.rawValue) }
      writer.field("createdAtUs", key.createdAtUnixMicroseconds)
      if let end = key.expiresAtUnixMicroseconds { writer.field("expiresAtUs", end) }
      if let rate = key.requestsPerMinute { writer.field("requestsPerMinute", rate) }
      if let instant = key.revokedAtUnixMicroseconds { writer.field("revokedAtUs", instant) }
      if let instant = key.lastUsedAtUnixMicroseconds { writer.field("lastUsedAtUs", instant) }
      writer.field("salt", hex(key.salt))
      writer.field("digest", hex(key.digest))
    }
    return writer.bytes
  }

  /// - Parameter json: as `json(of:)` wrote it.
  public static func key(from json: [UInt8]) throws(WireFault) -> APIKey {
    let fields = try JSONFields(archived: json, place: "key")
    var scopes: Set<KeyScope> = []
    for name in try fields.textList("scopes") { scopes.insert(try KeyRequest.scope(name)) }
    var key = APIKey(
      id: try fields.text("id"), name: try fields.text("name"), scopes: scopes,
      createdAtUnixMicroseconds: try fields.microseconds("createdAtUs"), salt: try bytes("salt", fields),
      digest: try bytes("digest", fields))
    key.expiresAtUnixMicroseconds = try instant("expiresAtUs", fields)
    key.requestsPerMinute = try fields.storedNumber("requestsPerMinute", from: 1)
    key.revokedAtUnixMicroseconds = try instant("revokedAtUs", fields)
    key.lastUsedAtUnixMicroseconds = try instant("lastUsedAtUs", fields)
    return key
  }

  private static func instant(_ name: String, _ fields: JSONFields) throws(WireFault) -> Int64? {
    try fields.storedNumber(name).map(Int64.init)
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
  }

  private static func bytes(_ name: String, _ fields: JSONFields) throws(WireFault) -> [UInt8] {
    let text = try fields.text(name)
    let digits = text.compactMap(\.hexDigitValue).map(UInt8.init)
    guard digits.count == text.count, digits.count.isMultiple(of: 2) else {
      throw fields.outOfRange(name, "pairs of hexadecimal digits", .string(text))
    }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
