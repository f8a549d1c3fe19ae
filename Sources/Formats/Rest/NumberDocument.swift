public import CallCore
public import JSON

extension JSONObject {
  /// A telephone number as REST shows it.
  package static func telephonyNumber(_ number: TelephonyNumber) -> JSONObject {
    JSONObject { writer in
      writer.field("id", number.id)
      writer.field("apiKeyId", number.owner)
      writer.field("providerId", number.providerID)
      writer.field("phoneNumber", number.number)
      writer.field("friendlyName", number.friendlyName)
      writer.field("country", number.country)
      writer.object("capabilities") { writer in
        writer.field("voice", number.capabilities.voice)
        writer.field("sms", number.capabilities.sms)
        writer.field("mms", number.capabilities.mms)
      }
      writer.field("flowId", number.flow)
      writer.field("active", number.isActive)
      writer.field("createdAt", instant: number.createdAtUnixMicroseconds)
      writer.field("updatedAt", instant: number.updatedAtUnixMicroseconds)
    }
  }
}

/// What `POST /api/telephony/numbers` and `PATCH` of one ask for. A member that is absent or `null` is not asked for; an empty `flowId` or
/// `friendlyName` takes away what was there.
public struct NumberRequest: Sendable, Equatable {
  /// Id of an account of the key; `POST` needs it.
  public var providerID: String?
  /// Only with `POST`, which needs it; whether it is a number is looked at by whoever dials.
  public var phoneNumber: String?
  /// At most `TelephonyNumber.nameMax` characters.
  public var friendlyName: String?
  /// Two capital letters.
  public var country: String?
  /// All three.
  public var capabilities: TelephonyNumber.Capabilities?
  /// Name of a flow.
  public var flow: String?
  /// Whether it is used.
  public var isActive: Bool?

  /// Largest body.
  public static let bytesMax = 4096

  /// - Parameters:
  ///   - bytes: JSON, UTF-8.
  ///   - isNew: whether it is a `POST`.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8], isNew: Bool) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "number", bytesMax: Self.bytesMax)
    if isNew {
      providerID = try fields.text("providerId", 1...100)
      phoneNumber = try fields.text("phoneNumber", 1...32)
    } else {
      providerID = try fields.optionalText("providerId", 1...100)
      guard fields["phoneNumber"] == nil else {
        throw WireFault(.outOfRange, "number.phoneNumber: it cannot be changed; add another number")
      }
    }
    friendlyName = try fields.optionalText("friendlyName", 0...TelephonyNumber.nameMax)
    country = try fields.optionalText("country", 2...2)
    if let country, !country.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) {
      throw WireFault(.outOfRange, "number.country: expected two capital letters such as US, got \(country.quoted)")
    }
    flow = try fields.optionalText("flowId", 0...WireLimits.nameCharactersMax)
    isActive = try fields["active"] == nil ? nil : fields.flag("active")
    guard fields["capabilities"] != nil else { return }
    let parts = try fields.object("capabilities")
    capabilities = TelephonyNumber.Capabilities(
      voice: try parts["voice"] == nil ? true : parts.flag("voice"),
      sms: try parts["sms"] == nil ? false : parts.flag("sms"),
      mms: try parts["mms"] == nil ? false : parts.flag("mms"))
  }
}
