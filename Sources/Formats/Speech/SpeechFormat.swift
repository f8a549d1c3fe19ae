/// How speech is sent.
public enum SpeechFormat: String, Sendable, CaseIterable {
  /// A WAV file of 16-bit PCM.
  case wav
  /// Opus in an Ogg container.
  case opus
  /// Signed 16-bit samples, little-endian, mono, without a head.
  case pcm

  /// Samples per second of each of them.
  public static let sampleRate = 24_000

  /// The media type.
  public var contentType: String {
    switch self {
    case .wav: "audio/wav"
    case .opus: "audio/ogg"
    case .pcm: "audio/pcm"
    }
  }

  /// Formats that OpenAI offers and this server does not.
  static let foreign: Set<String> = ["mp3", "aac", "flac"]

  /// All of them, for a message.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
