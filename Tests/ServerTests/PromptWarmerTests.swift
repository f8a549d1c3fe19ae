import TestSupport
import CallCore
import CallDriver
import CallServer
import Testing

extension ServerTests {
  @Suite("Prompts made in idle time")
  struct PromptWarmerTests {
    private static func key(_ text: String) -> SpeechKey {
      SpeechKey(voice: "heart", text: SynthesisText(text), format: AudioFormat(codec: .opus, sampleRate: 16_000))
    }

    private static func prompts(of flow: Int) -> [SpeechKey] {
      (0..<PromptWarmer.sentencesMax).map { key("Flow \(flow), sentence \($0).") }
    }

    @Test("however many flows are saved, one sentence waits at most, and what calls need is not refused")
    func saves() throws {
      let synthesizer = try HeldSynthesizer()
      synthesizer.isHeld.change { $0 = true }
      let pool = WorkerPool(threadCount: 1)
      let speechService = SpeechService(
        recognizer: try TestEngines.catalog.recognizer(), synthesizer: synthesizer, codecs: TestEngines.catalog.codecs,
        workers: pool, cache: SpeechCache())
      let warmer = PromptWarmer()
      for flow in 0..<20 { warmer.warm(Self.prompts(of: flow), by: speechService) }
      #expect(synthesizer.begun.wait { $0 == 1 })
      let refusals = Probe(0)
      for index in 0..<WorkerPool.waitingMax {
        let urgency: WorkerPool.Urgency = index.isMultiple(of: 2) ? .waitedFor : .soon
        speechService.synthesize(Self.key("Call \(index)."), urgency: urgency) { result in
          if case .failure = result { refusals.change { $0 += 1 } }
        }
      }
      #expect(refusals.current == 0 && synthesizer.begun.current == 1)
      #expect(pool.waitingCount == WorkerPool.waitingMax, "no idle sentence stands among them")
      synthesizer.isHeld.change { $0 = false }
      pool.stop()
    }
  }
}
