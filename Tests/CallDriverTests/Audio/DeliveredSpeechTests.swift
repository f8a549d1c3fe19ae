import CallCore
import CallDriver
import Testing

@Suite("Speech at the rate and with the silence that is asked for")
struct DeliveredSpeechTests {
  /// Speaks each letter for 10 ms at 1 kHz samples, faster where it is asked to.
  private final class LetterSynthesizer: SpeechSynthesizer {
    let voices: [Voice] = []

    func synthesize(_ text: String, voice: Voice.ID) -> PCMBuffer {
      PCMBuffer(sampleRate: 1000, samples: Array(repeating: 7, count: text.count * 10))
    }

    func synthesize(_ text: String, voice: Voice.ID, style: SpeakingStyle) -> PCMBuffer {
      PCMBuffer(sampleRate: 1000, samples: Array(repeating: 7, count: text.count * 1000 / style.ratePercent))
    }
  }

  private func samples(_ delivery: SpeechDelivery, ratePercent: Int = 100) throws -> [Int16] {
    try LetterSynthesizer().speak(SynthesisText("ab", delivery), voice: "v", ratePercent: ratePercent).samples
  }

  @Test("Silence stands before and behind; the usual one is left to whoever joins sentences")
  func silence() throws {
    #expect(try samples(.plain) == Array(repeating: 7, count: 20))
    let delivery = SpeechDelivery(pauseBefore: .milliseconds(3), pauseAfter: .milliseconds(2))
    #expect(try samples(delivery) == [0, 0, 0] + Array(repeating: 7, count: 20) + [0, 0])
    let speech = PCMBuffer(sampleRate: 1000, samples: [7])
    #expect(speech.followedByPause.samples == [7] + Array(repeating: 0, count: 250))
  }

  @Test(
    "A sentence's rate multiplies the one that all is spoken at",
    arguments: [(50, 100, 40), (100, 200, 10), (50, 200, 20)])
  func rates(own: Int, all: Int, count: Int) throws {
    #expect(try samples(SpeechDelivery(ratePercent: own), ratePercent: all).count == count)
  }
}
