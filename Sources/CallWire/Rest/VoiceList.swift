public import CallCore

/// What `GET /api/voices` answers.
public struct VoiceList: Sendable, Equatable, JSONDocument {
  /// Id of the voice that speaks where nothing else is said.
  public var defaultVoice: Voice.ID
  /// All voices.
  public var voices: [Voice]

  /// - Parameter voices: in the order to show.
  public init(defaultVoice: Voice.ID, voices: [Voice]) {
    self.defaultVoice = defaultVoice
    self.voices = voices
  }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("default", defaultVoice)
    writer.list("voices", voices) { writer, voice in writer.object(VoiceDocument(voice).writeMembers) }
  }
}
