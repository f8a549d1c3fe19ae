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
  /// How like the recording it sounds; `nil` where nothing told it.
  public var similarity: VoiceSimilarity?
  /// When it was made, microseconds since 1970.
  public var createdAtUnixMicroseconds: Int64

  package init(
    id: Voice.ID, name: String, shape: VoiceShape, pitchHz: Int, recording: CallDuration,
    similarity: VoiceSimilarity? = nil, createdAtUnixMicroseconds: Int64
  ) {
    self.id = id
    self.name = name
    self.shape = shape
    self.pitchHz = pitchHz
    self.recording = recording
    self.similarity = similarity
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

/// How alike two voices are, as a model has it that tells people apart by their voices.
public struct VoiceSimilarity: Hashable, Sendable {
  /// The cosine between what stands for each voice, 0 … 1000; 0 also where it is negative. What figure is the same person's depends on the
  /// model.
  public var thousandths: Int
  /// Which model tells it, such as `voicefilter-lite`.
  public var model: String

  /// - Parameter cosine: −1 … 1.
  public init(cosine: Double, model: String) {
    thousandths = Int((max(cosine, 0) * 1000).rounded())
    self.model = model
  }

  package init(thousandths: Int, model: String) {
    self.thousandths = thousandths
    self.model = model
  }
}

/// How a voice sits against the neural voice that it is made of. It is no person's likeness.
public struct VoiceShape: Hashable, Sendable {
  /// Factor on the fundamental frequency.
  public var pitch: Double
  /// Factor on the frequencies of the formants: below 1 a longer vocal tract.
  public var formants: Double
  /// Factor on the speed of speaking.
  public var pace: Double

  /// The neural voice as it is.
  public static let plain = VoiceShape(pitch: 1, formants: 1, pace: 1)
  /// Factors on the pitch within which speech is understood.
  public static let pitches = 0.35...1.8
  /// Factors on the formants within which speech is understood.
  public static let formantFactors = 0.78...1.22
  /// Paces at which speech is understood.
  static let paces = 0.7...1.45

  package init(pitch: Double, formants: Double, pace: Double) {
    self.pitch = pitch
    self.formants = formants
    self.pace = pace
  }

  /// The nearest shape within the three ranges.
  public var clamped: VoiceShape {
    VoiceShape(
      pitch: Self.nearest(pitch, in: Self.pitches), formants: Self.nearest(formants, in: Self.formantFactors),
      pace: Self.nearest(pace, in: Self.paces))
  }

  private static func nearest(_ value: Double, in range: ClosedRange<Double>) -> Double {
    min(max(value, range.lowerBound), range.upperBound)
  }
}
