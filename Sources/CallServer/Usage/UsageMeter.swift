import CallCore

/// Counts what one request or connection uses for its key.
struct UsageMeter: Sendable {
  let counter: UsageCounter
  /// Id of the key that it came with; `nil` where there are none.
  let key: String?

  func add(_ counts: UsageCounts) { counter.add(counts, key: key) }

  /// Sound whose words were recognised.
  func add(recognized time: CallDuration) {
    var counts = UsageCounts()
    counts.recognizedTime = time
    add(counts)
  }

  /// A text that was spoken.
  func add(synthesized text: String, _ time: CallDuration) {
    var counts = UsageCounts()
    counts.synthesizedCharacters = text.count
    counts.synthesizedTime = time
    add(counts)
  }
}
