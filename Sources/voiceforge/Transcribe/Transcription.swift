import CallCore
import JSON
import Formats

/// What was heard in one file.
struct Transcription {
  /// Words said without a long pause.
  struct Segment {
    var start: CallDuration
    var end: CallDuration
    var text: String
  }

  var file: String
  var segments: [Segment] = []
  /// Length of the recording.
  var duration: CallDuration
  /// Samples a second in the file.
  var sampleRate: Int
  /// Channels in the file.
  var channels: Int
  /// Time that resampling, detection and recognition took.
  var took: CallDuration = .zero

  /// All words.
  var text: String { segments.map(\.text).joined(separator: " ") }

  /// Computing time per time of sound: 0.1 is ten times faster than real time.
  var realTimeFactor: Double { took.seconds / max(duration.seconds, 0.001) }

  /// For standard error.
  var summary: String {
    "\(file): \(SpokenFigures.seconds(duration)) of sound in \(SpokenFigures.precise(took)), real-time factor "
      + "\(SpokenFigures.hundredths(realTimeFactor))" + (segments.isEmpty ? "; no speech was found" : "")
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.field("file", file)
    writer.field("text", text)
    writer.field("durationMs", duration.milliseconds)
    writer.field("sampleRate", sampleRate)
    writer.field("channels", channels)
    writer.field("tookMs", took.milliseconds)
    writer.list("passages", segments) { writer, segment in
      writer.object { writer in
        writer.field("startMs", segment.start.milliseconds)
        writer.field("endMs", segment.end.milliseconds)
        writer.field("text", segment.text)
      }
    }
  }
}
