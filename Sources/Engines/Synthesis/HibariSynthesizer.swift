import CallCore
import CallDriver

/// hibari: neural speech of a 7.9 MB network with our own vocoder. Safe to share by threads.
final class HibariSynthesizer: SpeechSynthesizer {
  /// Any number: it makes the noise, and so the samples, the same every time.
  private static let noiseSeed: UInt64 = 1

  var voices: [Voice] { HibariVoice.all.map(\.voice) }

  private let model: HibariModel
  private let alphabet: HibariAlphabet
  private let espeak: EspeakClient
  private let vocoders: [Voice.ID: (pace: Float, vocoder: HibariVocoder)]

  /// - Throws: `.modelUnavailable` with the first path that cannot be loaded.
  init(folder: EngineFolder, onnx: OnnxLibrary) throws(EngineError) {
    model = try HibariModel(path: folder.hibariModel, library: onnx)
    alphabet = try HibariAlphabet(vocabulary: folder.hibariVocabulary)
    espeak = try EspeakClient.shared.get()
    vocoders = Dictionary(
      uniqueKeysWithValues: HibariVoice.all.map {
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

  var takesShapes: Bool { true }

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
    var samples: [Int16] = []
    for row in rows {
      try model.spectra(of: row, pace: pace) { spectra throws(EngineError) in
        let sound = try vocoder.sound(of: spectra, seed: Self.noiseSeed)
        samples += sound.map { Int16(max(-1, min(1, $0)) * 32767) }
      }
    }
    let speech = SilenceTrimmer.trim(PCMBuffer(sampleRate: HibariVoice.sampleRate, samples: samples))
    guard !speech.samples.isEmpty else { throw .unsupported("text without words that \(voice) can say") }
    return speech
  }
}
