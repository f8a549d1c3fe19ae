import JSON

/// How a transcription is written down.
public enum TranscriptFormat: String, Sendable, CaseIterable {
  /// `{"text"}`.
  case json
  /// The words alone.
  case text
  /// The passages with their times, too.
  case verbose = "verbose_json"
  /// Subtitles as SubRip files have them.
  case srt
  /// Subtitles for the web (WebVTT).
  case vtt

  /// The media type.
  public var contentType: String {
    switch self {
    case .json, .verbose: "application/json"
    case .text, .srt: "text/plain; charset=utf-8"
    case .vtt: "text/vtt; charset=utf-8"
    }
  }
}
