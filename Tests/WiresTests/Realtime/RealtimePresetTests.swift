import JSON
import Testing
import Wires

@Suite("Settings of a client secret")
struct RealtimePresetTests {
  private static func request(_ body: String) throws -> RealtimeSecretRequest {
    let address = RealtimeAddress(id: "sess_secret", model: "appointment", voice: "heart", expiresAt: 1)
    return try RealtimeSecretRequest(parsing: Array(body.utf8), address, seconds: 10...7200)
  }

  /// The session that `session.created` shows to a client who opens one with the secret.
  private static func opened(_ preset: RealtimePreset?) throws -> JSONValue {
    var address = RealtimeAddress(
      id: "sess_1", model: preset?.model ?? "support-triage", voice: "heart-low", expiresAt: 2)
    address.preset = preset
    var written: [String] = []
    RealtimeApplicationSide(address).connected { written.append($0) }
    let created = try JSONValue(parsing: try #require(written.first))
    return try #require(created["session"])
  }

  @Test("a session begins with what its secret says, and is itself in all else")
  func begins() throws {
    let preset = try Self.request(
      """
      {"session": {"type": "realtime", "model": "order-status", "instructions": "Be brief.",
       "audio": {"input": {"format": {"type": "audio/pcmu"}, "turn_detection": null},
        "output": {"format": {"type": "audio/pcmu"}, "voice": "ash"}}}}
      """
    ).preset
    let session = try Self.opened(preset)
    #expect(session.text(at: "id") == "sess_1" && session["expires_at"] == .integer(2))
    #expect(session.text(at: "model") == "order-status" && session.text(at: "instructions") == "Be brief.")
    #expect(session.text(at: "audio.output.voice") == "ash")
    #expect(session.text(at: "audio.input.format.type") == "audio/pcmu")
    #expect(session["audio"]?["input"]?["turn_detection"] == nil)
  }

  @Test("a secret that names neither flow nor voice leaves them to the address and its flow")
  func leaves() throws {
    let session = try Self.opened(try Self.request(#"{"session": {"model": "", "instructions": "Be brief."}}"#).preset)
    #expect(session.text(at: "model") == "support-triage" && session.text(at: "audio.output.voice") == "heart-low")
    #expect(session.text(at: "instructions") == "Be brief.")
    #expect(try Self.request(#"{"expires_after": {"anchor": "created_at", "seconds": 60}}"#).preset == nil)
  }

  @Test("settings that are too long to be kept are refused by their name; without settings a body may be longer")
  func tooLong() throws {
    let text = String(repeating: "a", count: RealtimePreset.bytesMax)
    #expect {
      try Self.request(#"{"session": {"instructions": "\#(text)"}}"#)
    } throws: { error in
      (error as? RealtimeFault)?.param == "session"
    }
    #expect(try Self.request(#"{"note": "\#(text)"}"#).preset == nil)
  }
}
