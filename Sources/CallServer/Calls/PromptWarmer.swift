import CallCore
import CallDriver

/// Makes the sentences that a flow says word for word before the first caller needs them: they are then played from the cache, and
/// a turn does not wait for their synthesis.
struct PromptWarmer {
  let exchange: Exchange
  let workshop: SpeechWorkshop

  /// Most sentences that are made ahead; at 80 ms each this is some 20 s of idle time.
  private static let sentencesMax = 256

  /// Queues the work behind everything that a caller waits for.
  func warm() {
    let defaultVoice = exchange.defaultVoice
    var count = 0
    for flow in exchange.flows.flows {
      for sentence in flow.fixedSentences where count < Self.sentencesMax {
        count += 1
        let key = SpeechKey(
          voice: flow.voice ?? defaultVoice, text: sentence,
          format: AudioFormat(codec: .opus, sampleRate: 16_000))
        workshop.synthesize(key, urgency: .idle) { _ in }
      }
    }
  }
}
