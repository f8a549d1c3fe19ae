import JSON

/// What `POST /api/tts` asks for, as the predecessor *VoiceForge* has it.
public struct SayRequest: Sendable, Equatable {
  /// What to say.
  public var text: String
  /// A voice of the library.
  public var voice: String
  /// How it is sent.
  public var format = SpeechFormat.wav
  /// Of the voice's own rate, in per cent, 25 … 400.
  public var ratePercent = 100

  /// - Parameter bytes: JSON, UTF-8.
  /// - Throws: what is wrong, with the member's name.
  public init(parsing bytes: [UInt8], defaultVoice: String) throws(OpenAIFault) {
    do throws(WireFault) {
      let fields = try JSONFields(parsing: bytes, place: "tts", bytesMax: SpeechRequest.bytesMax)
      text = try fields.text("text", 1...SpeechRequest.charactersMax)
      guard text.contains(where: { $0.isLetter || $0.isNumber }) else {
        throw WireFault(.outOfRange, "tts.text: expected something to say, got a text without words")
      }
      let range = 1...WireLimits.nameCharactersMax
      let named = try fields.optionalText("voice", range)
      let called = try fields.optionalText("voice_id", range)
      voice = named ?? called ?? defaultVoice
      format = try fields.optionalChoice("format", of: SpeechFormat.allCases) ?? .wav
      ratePercent = try fields.ratePercent("speed")
    } catch {
      throw OpenAIFault(error)
    }
  }
}
