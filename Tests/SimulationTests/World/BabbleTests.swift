import CallCore
import CallDriver
import Engines
import Simulation
import Testing

@Suite("Babble")
struct BabbleTests {
  /// Three sentences of two voices.
  private static let clips: [[Int16]] = {
    let sentences = [
      ("heart", "I would like to change my appointment to next Thursday afternoon."),
      ("heart-deep", "The train to the airport leaves from platform seven in twenty minutes."),
      ("heart-bright", "Is there anything else that I can help you with today?"),
    ]
    do {
      let synthesizer = try SimulationEngines.catalog.synthesizer()
      return try sentences.map { voice, text in
        try SpeechResampler.resample(synthesizer.synthesize(text, voice: voice), to: 16_000).samples
      }
    } catch {
      Issue.record("\(error)")
      return []
    }
  }()

  @Test("is as long as asked, at a usual level and about as loud all the time")
  func level() {
    let babble = Babble.loop(from: Self.clips, seconds: 10, seed: 1)
    #expect(babble.count == 160_000)
    #expect(abs(WorldHarness.decibels(WorldHarness.power(babble) / VoicePower.usual)) < 0.05)
    for second in 0..<10 {
      let part = babble[(second * 16_000)..<((second + 1) * 16_000)]
      let level = WorldHarness.decibels(WorldHarness.power(part) / VoicePower.usual)
      #expect(abs(level) < 3, "second \(second): \(level) dB")
    }
  }

  @Test("has no seam")
  func seam() {
    let babble = Babble.loop(from: Self.clips, seconds: 4, seed: 2)
    let steps = zip(babble, babble.dropFirst()).map { abs(Int($0) - Int($1)) }
    #expect(abs(Int(babble[0]) - Int(babble[babble.count - 1])) <= steps.max() ?? 0)
  }

  @Test("is the same for the same seed and other for another; without speech it is silence")
  func seeds() {
    let first = Babble.loop(from: Self.clips, seconds: 3, seed: 1)
    #expect(first == Babble.loop(from: Self.clips, seconds: 3, seed: 1))
    #expect(first != Babble.loop(from: Self.clips, seconds: 3, seed: 2))
    #expect(Babble.loop(from: [], seconds: 1, seed: 1) == WorldHarness.silence(seconds: 1))
    #expect(
      Babble.loop(from: [WorldHarness.silence(seconds: 1)], seconds: 1, seed: 1) == WorldHarness.silence(seconds: 1))
  }
}
