import CallCore
import CallDriver
import Engines
import Testing

@Suite("Voices that are matched to a recording")
struct VoiceMatchingTests {
  private static let catalog = EngineHarness.catalog

  private static func matched(_ recording: PCMBuffer) throws -> (shape: VoiceShape, pitchHz: Double) {
    let sound = try catalog.sounds.resample(recording, to: SoundReader.sampleRate)
    let stretches = try SpeechStretches(detector: catalog.makeDetector()).find(in: sound.samples)
    var matching = try VoiceMatching(sound, stretches: stretches)
    for _ in 0..<100 {
      let shape = try matching.step(
        recognizer: catalog.recognizer(), synthesizer: catalog.synthesizer(), sounds: catalog.sounds)
      if let shape { return (shape, matching.pitchHz) }
    }
    Issue.record("a voice was not matched in 100 steps")
    return (.plain, 0)
  }

  /// What a voice says, some seconds of it.
  private static func recording(_ voice: Voice.ID) throws -> PCMBuffer {
    let synthesizer = try catalog.synthesizer()
    var samples: [Int16] = []
    for sentence in ContractSentences.all[..<4] {
      let speech = try synthesizer.synthesize(sentence, voice: voice)
      samples += try catalog.sounds.resample(speech, to: 24_000).samples + [Int16](repeating: 0, count: 6000)
    }
    return PCMBuffer(sampleRate: 24_000, samples: samples)
  }

  private static func spoken(_ shape: VoiceShape, _ sentences: ArraySlice<String>) throws -> [PCMBuffer] {
    let synthesizer = try catalog.synthesizer()
    return try sentences.map { try synthesizer.synthesize($0, shape: shape, style: .plain) }
  }

  private func check(_ shape: VoiceShape, pitchHz: Double) throws {
    let speech = try Self.spoken(shape, ContractSentences.all[...])
    let samples = speech.prefix(4).flatMap(\.samples)
    // By the tests' own meter, which is not the one that matched.
    let measured = PitchMeter.median(PCMBuffer(sampleRate: 24_000, samples: samples))
    #expect(abs(measured / pitchHz - 1) < 0.1, "\(measured) Hz for \(pitchHz) Hz, \(shape)")
    let recognizer = try Self.catalog.recognizer()
    var errors = WordErrorRate(reference: "", heard: "")
    for (sentence, sound) in zip(ContractSentences.all, speech) {
      errors =
        errors
        + WordErrorRate(reference: sentence, heard: try recognizer.transcribe(EngineHarness.heard(sound)))
    }
    #expect(errors.rate <= 0.05, "\(errors), \(shape)")
  }

  @Test(
    "of the family: pitch within 10 %, vocal tract within 0.05, pace within 15 %, and understood",
    arguments: ["heart", "heart-low", "heart-soprano", "heart-bass", "heart-smoky", "heart-quick", "heart-deep"])
  func family(voice: Voice.ID) throws {
    let tracts = [
      "heart": 1.0, "heart-low": 0.86, "heart-soprano": 1.1, "heart-bass": 0.8, "heart-smoky": 0.98, "heart-quick": 0.9,
      "heart-deep": 0.82,
    ]
    let recording = try Self.recording(voice)
    let (shape, pitchHz) = try Self.matched(recording)
    #expect(abs(PitchMeter.median(recording) / pitchHz - 1) < 0.06, "the two meters agree: \(pitchHz)")
    #expect(abs(shape.formants - (tracts[voice] ?? 0)) <= 0.05, "\(shape)")
    let again = try Self.spoken(shape, ContractSentences.all[..<4]).reduce(0) { $0 + $1.microseconds }
    let original = recording.microseconds - 4 * 250_000
    #expect((85...115).contains(again * 100 / original), "\(again * 100 / original) %, \(shape)")
    try check(shape, pitchHz: pitchHz)
  }

  @Test("of human readers", arguments: ["two_cities.wav", "beckett.wav"])
  func human(clip: String) throws {
    let whole = try EngineHarness.clip(clip)
    let recording = PCMBuffer(
      sampleRate: whole.sampleRate, samples: Array(whole.samples.prefix(whole.sampleRate * 15)))
    let (shape, pitchHz) = try Self.matched(recording)
    #expect((70...300).contains(pitchHz))
    try check(shape, pitchHz: pitchHz)
  }

  @Test("recordings that will not do: too short, too long, silent, without words")
  func refused() throws {
    for samples in [
      [Int16](repeating: 0, count: 20_000), [Int16](repeating: 0, count: 600_000), [Int16](repeating: 0, count: 80_000),
    ] {
      #expect(throws: MatchingFault.self) {
        _ = try VoiceMatching(PCMBuffer(sampleRate: 16_000, samples: samples), stretches: [0..<samples.count])
      }
    }
    let speech = try Self.catalog.sounds.resample(Self.recording("heart"), to: 16_000)
    var matching = try VoiceMatching(speech, stretches: [0..<speech.samples.count])
    #expect(throws: MatchingFault.self) {
      for _ in 0..<100 {
        let shape = try matching.step(
          recognizer: Deaf(), synthesizer: Self.catalog.synthesizer(), sounds: Self.catalog.sounds)
        if shape != nil { break }
      }
    }
  }

  /// Hears nothing.
  private final class Deaf: SpeechRecognizer {
    func transcribe(_ turn: [Int16]) -> String { "" }
  }
}
