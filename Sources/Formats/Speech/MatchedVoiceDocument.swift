public import CallCore
public import JSON

/// What `GET /api/cloned-voices/{id}` answers.
public struct MatchedVoiceDocument: Sendable, JSONDocument {
  private let matched: MatchedVoice

  /// - Parameter matched: one of the store.
  public init(_ matched: MatchedVoice) { self.matched = matched }

  /// Writes the members of `Speech.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    VoiceDocument(matched.voice).writeMembers(to: &writer)
    writer.object("matched") { writer in
      writer.field("pitchFactor", thousandths: Self.thousandths(matched.shape.pitch))
      writer.field("formantFactor", thousandths: Self.thousandths(matched.shape.formants))
      writer.field("paceFactor", thousandths: Self.thousandths(matched.shape.pace))
      writer.field("recordingMs", matched.recording.milliseconds)
    }
    writer.field("createdAt", UTCTime.text(unixMicroseconds: matched.createdAtUnixMicroseconds))
  }

  private static func thousandths(_ value: Double) -> Int { Int(nearest: value * 1000) }
}
