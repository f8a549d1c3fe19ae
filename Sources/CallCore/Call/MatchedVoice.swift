/// A voice that sits like the one in a recording: its median pitch, the length of its vocal tract and its pace, measured and applied to
/// the neural voice. It is no copy of the person: timbre, accent and melody stay the neural voice's own.
public struct MatchedVoice: Hashable, Sendable, Identifiable {
  /// In front of every id.
  public static let prefix = "matched-"
  /// Longest name, in characters.
  public static let nameMax = 80

  /// Unique and never used twice.
  public var id: Voice.ID
  /// As the user called it.
  public var name: String
  /// What was measured, against the neural voice.
  public var shape: VoiceShape
  /// Median pitch of the recording, Hz.
  public var pitchHz: Int
  /// Length of the recording.
  public var recording: CallDuration
  /// When it was made, microseconds since 1970.
  public var createdAtUnixMicroseconds: Int64

  /// All values as described at the properties.
  public init(
    id: Voice.ID, name: String, shape: VoiceShape, pitchHz: Int, recording: CallDuration,
    createdAtUnixMicroseconds: Int64
  ) {
    self.id = id
    self.name = name
    self.shape = shape
    self.pitchHz = pitchHz
    self.recording = recording
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
  }

  /// As it stands in the library.
  public var voice: Voice {
    Voice(
      id: id, name: name, language: "en-US", gender: gender,
      description: "Neural, matched in pitch, vocal tract and pace to a recording; not a copy of the person.",
      engine: "hibari", sampleRate: 24_000, pitchHz: pitchHz)
  }

  /// By pitch alone: speaking voices of men lie mostly below 155 Hz and those of women above 165 Hz (Titze, Principles of Voice
  /// Production).
  private var gender: String {
    if pitchHz < 155 { return "male" }
    return pitchHz > 165 ? "female" : "neutral"
  }
}
