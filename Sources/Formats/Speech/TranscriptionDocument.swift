import CallCore
package import JSON

extension JSONObject {
  /// What `POST /api/stt` answers.
  package static func transcription(_ transcript: Transcript) -> JSONObject {
    JSONObject { writer in
      writer.field("text", transcript.text)
      writer.field("language", "en")
      writer.field("duration", thousandths: transcript.duration.milliseconds)
      writer.objects("segments", transcript.segments) { $0.members(of: $1) }
    }
  }

  /// What `POST /api/vad` answers: where somebody speaks; times in seconds.
  /// - Parameters:
  ///   - stretches: ranges of samples, in order.
  ///   - samples: of the whole sound.
  ///   - sampleRate: samples per second.
  package static func detectedSpeech(_ stretches: [Range<Int>], samples: Int, sampleRate: Int) -> JSONObject {
    JSONObject { writer in
      let speech = stretches.reduce(0) { $0 + $1.count }
      writer.field("has_speech", !stretches.isEmpty)
      writer.field("duration", thousandths: samples * 1000 / sampleRate)
      writer.field("speech_duration", thousandths: speech * 1000 / sampleRate)
      writer.field("speech_ratio", thousandths: speech * 1000 / max(samples, 1))
      writer.objects("segments", stretches) { writer, range in
        writer.field("start", thousandths: range.lowerBound * 1000 / sampleRate)
        writer.field("end", thousandths: range.upperBound * 1000 / sampleRate)
      }
    }
  }
}

extension JSONWriter {
  /// Times in seconds, and the words.
  mutating func members(of segment: Transcript.Segment) {
    field("start", thousandths: segment.start.milliseconds)
    field("end", thousandths: segment.end.milliseconds)
    field("text", segment.text)
  }
}
