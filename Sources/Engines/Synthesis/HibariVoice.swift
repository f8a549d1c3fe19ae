import CallCore

/// A voice made from hibari's one model by changing pitch, vocal tract length and pace. It is a family of voices, not the
/// copy of a person.
struct HibariVoice: Sendable {
  /// As it is offered.
  let voice: Voice
  /// Factor on the fundamental frequency.
  let pitch: Double
  /// Factor on the frequency axis of the spectra: below 1 a longer vocal tract.
  let formants: Double
  /// Factor on the speed of speaking.
  let pace: Float

  /// Samples per second of the model.
  static let sampleRate = 24000

  /// The factors of `heart-low` moved the median pitch from 204 to 122 Hz with no loss of words.
  static let all: [HibariVoice] = [
    HibariVoice("heart", "Heart", "female", "Warm and natural, American.", pitch: 1, formants: 1, pace: 1),
    HibariVoice("heart-low", "Heart, low", "male", "Calm man, American.", pitch: 0.58, formants: 0.86, pace: 1),
    HibariVoice(
      "heart-bright", "Heart, bright", "female", "Young and quick, American.", pitch: 1.18, formants: 1.08, pace: 1.05),
    HibariVoice(
      "heart-mellow", "Heart, mellow", "female", "Older and slower, American.", pitch: 0.8, formants: 0.95, pace: 0.9),
    HibariVoice(
      "heart-deep", "Heart, deep", "male", "Deep and slow, American.", pitch: 0.48, formants: 0.82, pace: 0.92),
  ]

  private init(
    _ id: String, _ name: String, _ gender: String, _ description: String, pitch: Double, formants: Double, pace: Float
  ) {
    voice = Voice(
      id: id, name: name, language: "en-US", gender: gender, description: description, engine: "hibari",
      sampleRate: Self.sampleRate)
    self.pitch = pitch
    self.formants = formants
    self.pace = pace
  }
}
