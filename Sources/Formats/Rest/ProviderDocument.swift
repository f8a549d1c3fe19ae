public import CallCore
public import JSON

extension JSONObject {
  /// An account at a telephone provider as REST shows it: never its credentials, only whether there are any.
  package static func provider(_ provider: TelephonyProvider) -> JSONObject {
    JSONObject { writer in
      writer.field("id", provider.id)
      writer.field("apiKeyId", provider.owner)
      writer.field("provider", provider.kind.rawValue)
      writer.field("name", provider.name)
      writer.field("hasCredentials", provider.credentials != nil)
      writer.field("configuration", keptObject: provider.configuration)
      writer.field("active", provider.isActive)
      writer.field("createdAt", instant: provider.createdAtUnixMicroseconds)
      writer.field("updatedAt", instant: provider.updatedAtUnixMicroseconds)
    }
  }
}

extension JSONWriter {
  /// A member that is an object, which was kept as its JSON; an empty one where that cannot be read.
  mutating func field(_ name: String, keptObject json: String) {
    let value: JSONValue
    do throws(JSONFault) { value = try JSONValue(parsing: json) } catch { return object(name) { _ in } }
    field(name, value)
  }
}

extension JSONFields {
  /// An object of any kind as its JSON.
  /// - Parameter bytesMax: of that JSON.
  func keptObject(_ name: String, bytesMax: Int) throws(WireFault) -> String? {
    guard let value = self[name] else { return nil }
    guard case .object = value else { throw wrongType(name, "an object", value) }
    var writer = JSONWriter()
    writer.value(value.withoutNUL)
    guard writer.bytes.count <= bytesMax else {
      throw WireFault(
        .tooLong, "\(place).\(name): expected at most \(bytesMax) bytes of JSON, got \(writer.bytes.count)")
    }
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// What `POST /api/telephony/providers` and `PATCH` of one ask for; `Telephony` in `Rest.md` lists the members.
public struct ProviderRequest: Sendable, Equatable {
  /// Only with `POST`, which needs it.
  public var kind: TelephonyProvider.Kind?
  /// 1 … `TelephonyProvider.nameMax` characters; `POST` needs it.
  public var name: String?
  /// What the provider wants to be shown, by name; at least one. Secret.
  public var credentials: [String: String]?
  /// An object as its JSON.
  public var configuration: String?
  /// Whether it may be used.
  public var isActive: Bool?

  /// Largest body: two of the longest credentials, and the rest.
  public static let bytesMax = 16_384

  /// - Parameters:
  ///   - bytes: JSON, UTF-8.
  ///   - isNew: whether it is a `POST`.
  /// - Throws: what is wrong, with the member's name, and never what a credential is.
  public init(parsing bytes: [UInt8], isNew: Bool) throws(WireFault) {
    let fields = try Self.fields(bytes)
    if isNew {
      kind = try fields.choice("provider", of: TelephonyProvider.Kind.allCases)
    } else if fields["provider"] != nil {
      throw WireFault(.outOfRange, "provider.provider: it cannot be changed; add another account")
    }
    let name = try fields.optionalText("name", 1...TelephonyProvider.nameMax)
    if isNew, name == nil { throw fields.missing("name", "a text") }
    self.name = name
    credentials = try Self.credentials(in: fields)
    configuration = try fields.keptObject("configuration", bytesMax: TelephonyProvider.configurationBytesMax)
    isActive = try fields["active"] == nil ? nil : fields.flag("active")
  }

  /// The parser's own words could repeat a part of what it could not read.
  private static func fields(_ bytes: [UInt8]) throws(WireFault) -> JSONFields {
    do throws(WireFault) {
      return try JSONFields(parsing: bytes, place: "provider", bytesMax: bytesMax)
    } catch {
      guard error.code == .malformedJSON else { throw error }
      throw WireFault(.malformedJSON, "provider: the body is not JSON; what it holds is not repeated here")
    }
  }

  private static func credentials(in fields: JSONFields) throws(WireFault) -> [String: String]? {
    guard let value = fields["credentials"] else { return nil }
    guard case .object(let members) = value else {
      throw WireFault(.wrongType, "provider.credentials: expected an object of texts by their names")
    }
    guard (1...TelephonyProvider.credentialsMax).contains(members.count) else {
      throw WireFault(
        .outOfRange,
        "provider.credentials: expected 1 to \(TelephonyProvider.credentialsMax) texts, got \(members.count)")
    }
    var credentials: [String: String] = [:]
    for (name, value) in members {
      guard case .string(let text) = value, !text.isEmpty, !text.unicodeScalars.contains("\0"),
        text.unicodeScalars.count <= TelephonyProvider.credentialCharactersMax, name.utf8.count <= 64
      else {
        throw WireFault(
          .outOfRange,
          "provider.credentials: expected names of at most 64 bytes and texts of 1 to "
            + "\(TelephonyProvider.credentialCharactersMax) characters without NUL; what came is not repeated here")
      }
      credentials[name] = text
    }
    return credentials
  }
}

/// What a provider wants to be shown, in the form in which it is sealed.
public enum ProviderCredentials {
  /// JSON, UTF-8.
  public static func bytes(_ credentials: [String: String]) -> [UInt8] {
    JSONObject { writer in
      for (name, text) in credentials.sorted(by: { $0.key < $1.key }) { writer.field(name, text) }
    }.json
  }

  /// - Returns: `nil` for what is none.
  public static func credentials(from bytes: [UInt8]) -> [String: String]? {
    do throws(JSONFault) {
      guard case .object(let members) = try JSONValue(parsing: bytes) else { return nil }
      return members.compactMapValues { if case .string(let text) = $0 { text } else { nil } }
    } catch { return nil }
  }
}
