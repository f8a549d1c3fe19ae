public import CallCore

/// What `GET /api/voices/{id}` answers.
public struct VoiceDocument: Sendable, Equatable, JSONDocument {
  /// The voice.
  public var voice: Voice

  /// - Parameter voice: one of the library.
  public init(_ voice: Voice) { self.voice = voice }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("id", voice.id)
    writer.field("name", voice.name)
    writer.field("language", voice.language)
    writer.field("gender", voice.gender)
    writer.field("description", voice.description)
    writer.field("engine", voice.engine)
    writer.field("sampleRate", voice.sampleRate)
    writer.field("pitchHz", voice.pitchHz)
  }
}
