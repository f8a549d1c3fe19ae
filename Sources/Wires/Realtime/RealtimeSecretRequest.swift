package import JSON

/// What `POST /v1/realtime/client_secrets` is asked for. Its session is checked as an update of one is.
package struct RealtimeSecretRequest: Sendable {
  /// Longest body.
  package static let bytesMax = RealtimeApplicationSide.eventBytesMax
  /// Seconds that a secret is good for unless asked otherwise; OpenAI's default.
  private static let secondsDefault = 600

  /// How long the secret is to be good.
  package let seconds: Int
  /// What the sessions begin with; `nil`: nothing is said of them.
  package let preset: RealtimePreset?
  private let session: RealtimeSession

  /// - Parameters:
  ///   - bytes: of the body; empty counts as an empty object.
  ///   - address: what a session has that says nothing of itself.
  ///   - range: seconds that may be asked for.
  ///   - isModel: whether a model of this name is a language model, and no flow.
  /// - Throws: what is wrong, by the name of the member.
  package init(
    parsing bytes: [UInt8], _ address: RealtimeAddress, seconds range: ClosedRange<Int>,
    isModel: (String) -> Bool = { _ in false }
  ) throws(RealtimeFault) {
    let value: JSONValue
    do {
      value =
        bytes.isEmpty ? .object([:]) : try JSONValue(parsing: bytes, nestingMax: RealtimeApplicationSide.nestingMax)
    } catch {
      throw RealtimeFault(.invalidEvent, "the body is no JSON: \(error)")
    }
    let fields = try RealtimeFields(value, place: "")
    let expiry = try fields.object("expires_after")
    _ = try expiry?.choice("anchor", of: ["created_at"])
    seconds = try expiry?.number("seconds", range) ?? Self.secondsDefault
    let asked = try fields.object("session")
    let given = try asked?.optionalText("model", bytesMax: WireLimits.nameCharactersMax * 4)
    let named = given.flatMap { $0.isEmpty ? nil : $0 }
    let model = named ?? address.model
    guard model.unicodeScalars.count <= WireLimits.nameCharactersMax else {
      throw RealtimeFault(
        .invalidValue, "session.model: expected at most \(WireLimits.nameCharactersMax) characters",
        param: "session.model")
    }
    var usual = RealtimeSession(id: address.id, model: model, voice: address.voice, expiresAt: address.expiresAt)
    usual.isModel = isModel(model)
    guard let asked else {
      (session, preset) = (usual, nil)
      return
    }
    guard bytes.count <= RealtimePreset.bytesMax else {
      throw RealtimeFault(
        .invalidValue,
        "session: expected a body of at most \(RealtimePreset.bytesMax) bytes, for its settings are kept with the secret",
        param: "session")
    }
    session = try usual.updated(asked, isFixed: false)
    let hasVoice = try asked.object("audio")?.object("output")?["voice"] != nil
    preset = RealtimePreset(session, model: named, hasVoice: hasVoice)
  }

  /// The answer.
  /// - Parameter expiresAt: in seconds since 1970 UTC.
  package func response(_ secret: String, expiresAt: Int) -> JSONObject {
    JSONObject { writer in
      writer.field("value", secret)
      writer.field("expires_at", expiresAt)
      writer.object("session", session.writeMembers)
    }
  }
}
