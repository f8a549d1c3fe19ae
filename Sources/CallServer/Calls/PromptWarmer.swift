import CallCore
package import CallDriver
import Threads

/// Makes the sentences that a flow says word for word before the first caller needs them: they are then played from the cache, and
/// a turn does not wait for their synthesis.
///
/// One sentence at a time, behind everything that anybody waits for: at most one thread works for it, and it takes one place of the queue.
package final class PromptWarmer: Sendable {
  private struct State {
    /// Last first.
    var prompts: [SpeechKey] = []
    var isAtWork = false
  }

  /// Most sentences that are made ahead; at 80 ms each this is some 20 s of idle time.
  package static let sentencesMax = 256

  private let state = Locked(State())

  /// Nothing to make.
  package init() {}

  /// What flows say word for word, as the page's calls hear it; at most `sentencesMax`, each once.
  static func prompts(of flows: [Flow], defaultVoice: Voice.ID) -> [SpeechKey] {
    var known: Set<SpeechKey> = []
    var prompts: [SpeechKey] = []
    for flow in flows {
      for sentence in flow.fixedSpeech(defaultVoice: defaultVoice) {
        let key = SpeechKey(
          voice: flow.voice ?? defaultVoice, text: sentence, format: AudioFormat(codec: .opus, sampleRate: 16_000))
        guard prompts.count < sentencesMax else { return prompts }
        if known.insert(key).inserted { prompts.append(key) }
      }
    }
    return prompts
  }

  /// Makes these sentences in idle time, instead of those that were still to be made.
  package func warm(_ prompts: [SpeechKey], by speechService: SpeechService) {
    let isIdle = state.withLock { state in
      state.prompts = prompts.prefix(Self.sentencesMax).reversed()
      defer { state.isAtWork = true }
      return !state.isAtWork
    }
    if isIdle { makeNext(by: speechService) }
  }

  private func makeNext(by speechService: SpeechService) {
    let next: SpeechKey? = state.withLock { state in
      while let prompt = state.prompts.popLast() {
        if !speechService.cache.holds(prompt) { return prompt }
      }
      state.isAtWork = false
      return nil
    }
    guard let next else { return }
    speechService.synthesize(next, urgency: .idle) { [weak self] result in
      // Refused: the queue is full of idle work, or the server stops.
      if case .failure(.overloaded) = result { self?.giveUp() } else { self?.makeNext(by: speechService) }
    }
  }

  private func giveUp() { state.withLock { $0 = State() } }
}
