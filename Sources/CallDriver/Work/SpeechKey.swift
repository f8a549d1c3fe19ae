public import CallCore

/// What makes two pieces of encoded speech the same.
public struct SpeechKey: Sendable, Hashable {
  /// Whose voice.
  public var voice: Voice.ID
  /// One sentence.
  public var text: String
  /// How it is encoded.
  public var format: AudioFormat

  /// All values as described at the properties.
  public init(voice: Voice.ID, text: String, format: AudioFormat) {
    self.voice = voice
    self.text = text
    self.format = format
  }
}
