/// The audio of an utterance's sentences as it comes from the workers, in any order.
struct PendingSpeech {
  private var sentences: [EncodedSpeech?]

  /// Room for `count` sentences.
  init(count: Int) { sentences = Array(repeating: nil, count: count) }

  /// Keeps sentence `index`; one that is not of this utterance is ignored.
  mutating func put(_ speech: EncodedSpeech, at index: Int) {
    if sentences.indices.contains(index) { sentences[index] = speech }
  }

  /// Gives sentence `index` out once, when it is there.
  mutating func take(_ index: Int) -> EncodedSpeech? {
    guard sentences.indices.contains(index), let speech = sentences[index] else { return nil }
    sentences[index] = nil
    return speech
  }
}
