public import CallCore
public import JSON

/// What `GET /api/cloned-voices` answers.
public struct MatchedVoiceList: Sendable, JSONDocument {
  private let voices: [MatchedVoice]

  /// - Parameter voices: all of the store.
  public init(_ voices: [MatchedVoice]) { self.voices = voices }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.list("voices", voices) { writer, voice in writer.object(MatchedVoiceDocument(voice).writeMembers) }
    writer.field("total", voices.count)
  }
}
