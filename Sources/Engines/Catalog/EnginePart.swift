/// A part of the product that is loaded from the engine folder or from a Debian package.
public enum EnginePart: String, Sendable, Hashable, CaseIterable {
  /// Moonshine: speech to text.
  case recognizer
  /// hibari: neural text to speech.
  case neuralVoices
  /// eSpeak NG: text to speech in many languages.
  case manyVoices
  /// Silero: speech or not.
  case detector
}
