import CallCore

/// Counts what a call has of the engines. Touched a few times a turn, never for a packet.
struct SpeechMeter {
  private(set) var counts = UsageCounts()
  /// Lengths of the recognitions that go on: one speculative, one for good and one to be shown at most.
  private var recognitions: [RequestID: CallDuration] = [:]
  /// Characters of the utterance's sentences.
  private var characters: [Int] = []

  mutating func recognitionAsked(_ request: RequestID, samples: Int) {
    recognitions[request] = .microseconds(FrameFormat.microseconds(ofSamples: samples))
  }

  mutating func recognitionAnswered(_ request: RequestID, hasWords: Bool) {
    guard let length = recognitions.removeValue(forKey: request), hasWords else { return }
    counts.recognizedTime += length
  }

  mutating func recognitionCancelled(_ request: RequestID) { recognitions[request] = nil }

  mutating func utteranceBegan(_ sentences: [String]) { characters = sentences.map(\.count) }

  mutating func utteranceGrew(_ sentences: [String]) { characters += sentences.map(\.count) }

  mutating func modelAsked() { counts.modelRequests += 1 }

  mutating func modelAnswered(_ usage: ModelUsage) {
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
