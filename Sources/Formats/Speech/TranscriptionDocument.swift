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

/// What `POST /api/vad` answers: where somebody speaks.
public struct DetectedSpeech: Sendable, JSONDocument {
  private let stretches: [Range<Int>]
  private let samples: Int
  private let sampleRate: Int

  /// - Parameters:
  ///   - stretches: ranges of samples, in order.
  ///   - samples: of the whole sound.
  ///   - sampleRate: samples per second.
  public init(_ stretches: [Range<Int>], samples: Int, sampleRate: Int) {
    self.stretches = stretches
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// Writes the members; times in seconds.
  public func writeMembers(to writer: inout JSONWriter) {
    let speech = stretches.reduce(0) { $0 + $1.count }
    writer.field("has_speech", !stretches.isEmpty)
    writer.field("duration", thousandths: samples * 1000 / sampleRate)
    writer.field("speech_duration", thousandths: speech * 1000 / sampleRate)
    writer.field("speech_ratio", thousandths: speech * 1000 / max(samples, 1))
    writer.list("segments", stretches) { writer, range in
      writer.object { writer in
        writer.field("start", thousandths: range.lowerBound * 1000 / sampleRate)
        writer.field("end", thousandths: range.upperBound * 1000 / sampleRate)
      }
    }
  }
}
