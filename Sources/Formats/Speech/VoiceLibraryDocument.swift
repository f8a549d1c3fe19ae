public import CallCore
public import JSON

/// What `GET /api/voice-library` answers, as the predecessor *VoiceForge* does.
public struct VoiceLibraryDocument: Sendable, JSONDocument {
  /// In the order to show.
  public var voices: [Voice]

  /// - Parameter voices: see the property.
  public init(voices: [Voice]) { self.voices = voices }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("voices", voices) { writer, voice in
      writer.object { writer in
        writer.field("id", voice.id)
        writer.field("name", voice.name)
        writer.field("language", voice.language)
        writer.field("gender", voice.gender)
        writer.field("description", voice.description)
      }
    }
    writer.field("total", voices.count)
  }
}
