import CallCore
import CallDriver

/// hibari: neural speech of a 7.9 MB network with our own vocoder. Safe to share by threads.
final class HibariSynthesizer: SpeechSynthesizer {
  /// Any number: it makes the noise, and so the samples, the same every time.
  private static let noiseSeed: UInt64 = 1

  let voices: [Voice]
  /// Those of the built-in model: others would be matched by what was measured with it.
  let takesShapes: Bool

  private let model: HibariModel
  private let alphabet: HibariAlphabet
  private let espeak: EspeakClient
  private let vocoders: [Voice.ID: (pace: Float, vocoder: HibariVocoder)]

  /// - Parameters:
  ///   - folder: with the library and the symbols that all such models share.
  ///   - own: an operator's model; nil for the built-in one.
  /// - Throws: `.modelUnavailable` with the first path that cannot be loaded.
  init(folder: EngineFolder, own: ModelDescription? = nil) throws(EngineError) {
    let offered = own.map { [HibariVoice($0)] } ?? HibariVoice.all
    voices = offered.map(\.voice)
    takesShapes = own == nil
    let path = own?.files["model"] ?? folder.hibariModel
    model = try HibariModel(path: path, library: OnnxLibrary(path: folder.onnxLibrary))
    alphabet = try HibariAlphabet(vocabulary: folder.hibariVocabulary)
    espeak = try EspeakClient.shared.get()
    vocoders = Dictionary(
      uniqueKeysWithValues: offered.map {
        ($0.voice.id, (Float($0.shape.pace), HibariVocoder(pitch: $0.shape.pitch, formants: $0.shape.formants)))
      })
  }

  func synthesize(_ text: String, voice: Voice.ID) throws(EngineError) -> PCMBuffer {
    try synthesize(text, voice: voice, style: .plain)
  }

  /// The vocoder bends the voice: its formants stay where they are.
  func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    guard let (pace, plain) = vocoders[voice] else { throw .unsupported("the voice \(voice)") }
    try style.check()
    return try synthesize(text, pace: pace, vocoder: plain.bent(style), as: voice)
  }

  /// The vocoder makes the pace, too: the network's own rounds the lengths of sounds (see `HibariVocoder.bent`).
  func synthesize(_ text: String, shape: VoiceShape, style: SpeakingStyle) throws(EngineError) -> PCMBuffer {
    try style.check()
    let shape = shape.clamped
    let rate = Int((shape.pace * Double(style.ratePercent)).rounded())
    let bent = SpeakingStyle(
      ratePercent: min(max(rate, SpeakingStyle.range.lowerBound), SpeakingStyle.range.upperBound),
      pitchPercent: style.pitchPercent)
    let vocoder = HibariVocoder(pitch: shape.pitch, formants: shape.formants).bent(bent)
    return try synthesize(text, pace: 1, vocoder: vocoder, as: "this voice")
  }

  private func synthesize(
    _ text: String, pace: Float, vocoder: HibariVocoder, as voice: Voice.ID
  ) throws(EngineError) -> PCMBuffer {
    let spoken = try SpokenText(text)
    let rows = try alphabet.rows(of: spoken.text, espeak: espeak)
    var sound: [Float] = []
    for row in rows {
      try model.spectra(of: row, pace: pace) { spectra throws(EngineError) in
        sound += try vocoder.sound(of: spectra, seed: Self.noiseSeed)
      }
    }
    // Where it begins and ends is looked for before a loud voice is made softer: against a peak above full scale, the soft end of a
    // sentence would count as silence, and a voice bent to another pitch would be shorter.
    let kept = SilenceTrimmer.speechRange(of: Self.speech(sound, softer: 1))
    guard !kept.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    // Low voices come out louder than there are numbers for: all of such a text is made as much softer, which nobody hears, as clipping is.
    return Self.speech(Array(sound[kept]), softer: sound.reduce(1) { max($0, abs($1)) })
  }

  /// - Parameter loudest: what becomes full scale; what is above is clipped.
  private static func speech(_ sound: [Float], softer loudest: Float) -> PCMBuffer {
    PCMBuffer(
      sampleRate: HibariVoice.sampleRate, samples: sound.map { Int16(max(-1, min(1, $0 / loudest)) * 32767) })
  }
}

/// A voice of hibari's architecture: an operator's model as it is, or one made from the built-in model by changing pitch, vocal tract
/// length and pace. It is a family of voices, not the copy of a person.
struct HibariVoice: Sendable {
  /// As it is offered.
  let voice: Voice
  /// How it differs from the model's own voice.
  let shape: VoiceShape

  /// Samples per second of the model.
  static let sampleRate = 24000
  /// Median pitch of the model's own voice over the sentences of `EngineContractTests`, Hz.
  static let ownPitchHz = 204.0

  /// The factors of `heart-low` moved the median pitch from 204 to 122 Hz with no loss of words; those of the others were chosen
  /// between them and to both sides as far as words are understood (`VoiceLibraryTests`).
  static let all: [HibariVoice] = [
    HibariVoice("heart", "Heart", "female", "Warm and natural, American.", 1, 1, 1),
    HibariVoice("heart-low", "Heart, low", "male", "Calm man, American.", 0.58, 0.86, 1),
    HibariVoice("heart-bright", "Heart, bright", "female", "Young and quick, American.", 1.18, 1.08, 1.05),
    HibariVoice("heart-mellow", "Heart, mellow", "female", "Older and slower, American.", 0.8, 0.95, 0.9),
    HibariVoice("heart-deep", "Heart, deep", "male", "Deep and slow, American.", 0.48, 0.82, 0.92),
    HibariVoice("heart-alto", "Heart, alto", "female", "A little lower than Heart, even and calm.", 0.93, 0.98, 1),
    HibariVoice("heart-soprano", "Heart, soprano", "female", "High and clear.", 1.32, 1.1, 1),
    HibariVoice("heart-brisk", "Heart, brisk", "female", "Businesslike, speaks quickly.", 1.08, 1.02, 1.3),
    HibariVoice("heart-patient", "Heart, patient", "female", "Speaks slowly and plainly.", 0.97, 1, 0.8),
    HibariVoice("heart-smoky", "Heart, smoky", "female", "Low for a woman, unhurried.", 0.7, 0.98, 0.8),
    HibariVoice("heart-young", "Heart, young", "neutral", "Very high, short vocal tract: like a child.", 1.5, 1.16, 1),
    HibariVoice("heart-middle", "Heart, middle", "neutral", "Between a man's and a woman's voice.", 0.86, 0.91, 1),
    HibariVoice("heart-light", "Heart, light", "male", "Light voice of a young man.", 0.76, 0.9, 1.05),
    HibariVoice("heart-tenor", "Heart, tenor", "male", "High man's voice.", 0.65, 0.88, 1),
    HibariVoice("heart-quick", "Heart, quick", "male", "Man who speaks quickly.", 0.61, 0.9, 1.3),
    HibariVoice("heart-senior", "Heart, senior", "male", "Man who speaks slowly.", 0.63, 0.84, 0.8),
    HibariVoice("heart-baritone", "Heart, baritone", "male", "Full and even.", 0.53, 0.88, 1),
    HibariVoice("heart-bass", "Heart, bass", "male", "Very deep, long vocal tract.", 0.42, 0.8, 0.95),
  ]

  /// The voice of an operator's model.
  init(_ model: ModelDescription) {
    shape = .plain
    voice = Voice(
      id: model.name, name: model.speaker.title.isEmpty ? model.name.capitalizedFirst : model.speaker.title,
      language: model.languages.first ?? "en-US", gender: model.speaker.gender,
      description: model.speaker.description.isEmpty ? "Neural, of your own files." : model.speaker.description,
      engine: "hibari", sampleRate: Self.sampleRate)
  }

  private init(
    _ id: String, _ name: String, _ gender: String, _ description: String, _ pitch: Double, _ formants: Double,
    _ pace: Double
  ) {
    shape = VoiceShape(pitch: pitch, formants: formants, pace: pace)
    let origin = shape == .plain ? "Neural." : "Neural, made from Heart by pitch, vocal tract and pace."
    voice = Voice(
      id: id, name: name, language: "en-US", gender: gender, description: "\(description) \(origin)", engine: "hibari",
      sampleRate: Self.sampleRate, pitchHz: Int((pitch * Self.ownPitchHz).rounded()))
  }
}
