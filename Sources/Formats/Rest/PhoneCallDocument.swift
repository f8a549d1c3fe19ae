package import CallCore
public import JSON

extension JSONObject {
  /// A telephone call as REST shows it.
  package static func phoneCall(_ call: PhoneCallRecord) -> JSONObject {
    JSONObject { writer in
      writer.field("id", call.id)
      writer.field("apiKeyId", call.owner)
      writer.field("providerId", call.providerID)
      writer.field("campaignId", call.campaignID)
      writer.field("phoneNumberId", call.numberID)
      writer.field("flowId", call.flow)
      writer.field("providerCallId", call.providerCallID)
      writer.field("direction", call.direction.rawValue)
      writer.field("from", call.from)
      writer.field("to", call.to)
      writer.field("status", call.status.rawValue)
      writer.field("reason", call.reason)
      writer.field("duration", call.duration.map { Int($0.microseconds / 1_000_000) })
      writer.field("sessionId", call.sessionID)
      writer.field("recordingUrl", call.sessionID.map { "/api/calls/\($0)/recording" })
      writer.field("transcriptUrl", call.sessionID.map { "/api/calls/\($0)" })
      writer.field("metadata", keptObject: call.metadata)
      writer.field("startedAt", instant: call.startedAtUnixMicroseconds)
      writer.field("endedAt", instant: call.endedAtUnixMicroseconds)
      writer.field("createdAt", instant: call.createdAtUnixMicroseconds)
    }
  }
}

/// What `POST /api/telephony/calls` asks for.
public struct PhoneCallRequest: Sendable, Equatable {
  /// Id of an account of the key.
  public var providerID: String
  /// The calling number; whether it is one is looked at by whoever dials.
  public var from: String
  /// The number that is called.
  public var to: String
  /// Name of the flow that speaks; `nil`: the server's own.
  public var flow: String?
  /// An object as its JSON; kept with the call.
  public var metadata: String

  /// Largest body.
  public static let bytesMax = 8192

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "call", bytesMax: Self.bytesMax)
    providerID = try fields.text("providerId", 1...100)
    from = try fields.text("from", 1...32)
    to = try fields.text("to", 1...32)
    flow = try fields.optionalText("flowId", 1...WireLimits.nameCharactersMax)
    metadata = try fields.keptObject("metadata", bytesMax: PhoneCallRecord.metadataBytesMax) ?? "{}"
  }
}
