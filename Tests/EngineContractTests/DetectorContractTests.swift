import CAllocationCounter
import CallCore
import CallDriver
import Engines
import Testing

/// What every speech detector owes.
@Suite("The speech detector")
struct DetectorContractTests {
  private func probabilities(_ samples: [Int16], _ detector: any SpeechDetector) throws -> [Int] {
    try stride(from: 0, through: samples.count - SpeechDetectorWindow.samples, by: SpeechDetectorWindow.samples).map {
      at in
      try samples[at..<(at + SpeechDetectorWindow.samples)].withUnsafeBufferPointer {
        try detector.probability(of: $0).thousandths
      }
    }
  }

  private func share(above limit: Int, in values: [Int]) -> Double {
    Double(values.count { $0 > limit }) / Double(max(values.count, 1))
  }

  private func humanSpeech() throws -> [Int16] { try EngineHarness.heard(EngineHarness.clip("two_cities.wav")) }

  @Test("hears a human reader most of the time")
  func speech() throws {
    let values = try probabilities(humanSpeech(), EngineHarness.catalog.makeDetector())
    #expect(share(above: 500, in: values) > 0.6)
  }

  @Test("hears no speech in silence, noise or a tone")
  func otherSounds() throws {
    let sounds = [
      [Int16](repeating: 0, count: 48000), TestSound.noise(samples: 48000, amplitude: 2000),
      TestSound.tone(hertz: 1000, sampleRate: 16000, samples: 48000),
    ]
    for sound in sounds {
      let values = try probabilities(sound, EngineHarness.catalog.makeDetector())
      #expect(share(above: 500, in: values) < 0.05)
    }
  }

  @Test("forgets everything when reset, and two calls do not disturb one another")
  func reset() throws {
    let speech = Array(try humanSpeech().prefix(48000))
    let detector = try EngineHarness.catalog.makeDetector()
    let other = try EngineHarness.catalog.makeDetector()
    let first = try probabilities(speech, detector)
    _ = try probabilities(TestSound.noise(samples: 16000, amplitude: 4000), other)
    detector.reset()
    #expect(try probabilities(speech, detector) == first)
  }

  @Test("allocates nothing", .enabled(if: counts_allocations() != 0, "a sanitizer has its own allocator"))
  func allocations() throws {
    let detector = try EngineHarness.catalog.makeDetector()
    let speech = try humanSpeech()
    _ = try probabilities(Array(speech.prefix(SpeechDetectorWindow.samples)), detector)
    let before = allocations_of_this_thread()
    try speech.withUnsafeBufferPointer { speech in
      for at in stride(from: 0, to: 32_000, by: SpeechDetectorWindow.samples) {
        let window = UnsafeBufferPointer(rebasing: speech[at..<(at + SpeechDetectorWindow.samples)])
        _ = try detector.probability(of: window)
      }
    }
    #expect(allocations_of_this_thread() == before)
  }
}
