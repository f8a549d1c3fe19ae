import CallCore
public import JSON

/// The predecessor's envelope of `POST /webhooks/voice/{provider}`. What else stands in it is passed over.
public struct VoiceWebhook: Sendable, Equatable {
  /// Which run it is about.
  public var runID: String
  /// The provider's name for the call, where `provider_payload` holds one.
  public var callID: String?
  /// How far the call is, in the provider's word, where `provider_payload` holds one.
  public var callStatus: String?
  /// Whether the call is over.
  public var isCompleted = false

  /// Largest body.
  public static let bytesMax = 262_144
  /// Characters of an id.
  private static let idMax = 100

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8]) throws(WireFault) {
    let fields = try JSONFields(parsing: bytes, place: "webhook", bytesMax: Self.bytesMax)
    runID = try fields.text("test_run_id", 1...Self.idMax)
    if fields["provider_payload"] != nil {
      let payload = try fields.object("provider_payload")
      callID = try payload.optionalText("CallSid", 0...Self.idMax).flatMap { $0.isEmpty ? nil : $0 }
      callStatus = try payload.optionalText("CallStatus", 0...Self.idMax)
    }
    if fields["completed"] != nil { isCompleted = try fields.flag("completed") }
    // Not used: the words of a run are those that were heard.
    if let transcript = fields["transcript"] {
      guard case .array = transcript else { throw fields.wrongType("transcript", "a list", transcript) }
    }
  }
}
