import CallCore

/// Counts what a call has of the engines. Touched a few times a turn, never for a packet.
struct SpeechMeter {
  private(set) var counts = UsageCounts()
  /// Lengths of the recognitions that go on: one speculative, one for good and one to be shown at most.
  private var recognitions: [RequestID: CallDuration] = [:]
  /// Characters of the utterance's sentences.
  private var characters: [Int] = []
  /// The last question to the language model, and the pieces of its answer that count as a token each until its usage comes.
  private var asked: (request: RequestID, pieces: Int)?

  mutating func recognitionAsked(_ request: RequestID, samples: Int) {
    recognitions[request] = .microseconds(FrameFormat.microseconds(ofSamples: samples))
  }

  mutating func recognitionAnswered(_ request: RequestID, hasWords: Bool) {
    guard let length = recognitions.removeValue(forKey: request), hasWords else { return }
    counts.recognizedTime += length
  }

  mutating func recognitionCancelled(_ request: RequestID) { recognitions[request] = nil }

  mutating func utteranceBegan(_ sentences: [SynthesisText]) { characters = sentences.map(\.words.count) }

  mutating func utteranceGrew(_ sentences: [SynthesisText]) { characters += sentences.map(\.words.count) }

  mutating func modelAsked(_ request: RequestID) {
    counts.modelRequests += 1
    asked = (request, 0)
  }

  /// A piece of an answer. Usage comes last, and never where the answer is stopped: until then each piece of its text is a token.
  mutating func modelAnswered(_ request: RequestID, _ delta: ModelDelta) {
    if case .usage(let usage) = delta { return modelAnswered(request, usage) }
    guard delta.isContent, asked?.request == request else { return }
    asked?.pieces += 1
    counts.answerTokens += 1
  }

  private mutating func modelAnswered(_ request: RequestID, _ usage: ModelUsage) {
    if let asked, asked.request == request {
      counts.answerTokens -= asked.pieces
      self.asked = nil
    }
    counts.promptTokens += max(usage.promptTokens, 0)
    counts.answerTokens += max(usage.answerTokens, 0)
  }

  mutating func sentenceWasThere() { counts.cacheHits += 1 }

  mutating func sentenceMade(_ index: Int, _ length: CallDuration) {
    guard characters.indices.contains(index) else { return }
    counts.synthesizedCharacters += characters[index]
    counts.synthesizedTime += length
  }
}
