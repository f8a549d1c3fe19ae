import CallCore
public import JSON

/// What `POST /api/stt` answers.
public struct TranscriptionDocument: Sendable, JSONDocument {
  private let transcript: Transcript

  /// - Parameter transcript: of the sound that came.
  public init(_ transcript: Transcript) { self.transcript = transcript }

  /// Writes the members.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("text", transcript.text)
    writer.field("language", "en")
    writer.field("duration", thousandths: transcript.duration.milliseconds)
    writer.list("segments", transcript.segments) { writer, segment in
      writer.object { writer in
        writer.field("start", thousandths: segment.start.milliseconds)
        writer.field("end", thousandths: segment.end.milliseconds)
        writer.field("text", segment.text)
      }
    }
  }
}
