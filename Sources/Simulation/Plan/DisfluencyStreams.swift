import CallCore

/// The streams of one line, one for each kind of disfluency. Every question draws the same number of times, whatever it answers.
struct DisfluencyStreams {
  private let rates: DisfluencyRates
  private var fillers: SeededStream
  private var repetitions: SeededStream
  private var restarts: SeededStream
  private var lengthenings: SeededStream
  private var pauses: SeededStream

  /// - Parameter seed: of this line.
  init(rates: DisfluencyRates, seed: UInt64) {
    self.rates = rates
    fillers = SeededStream(seed: seed, "fillers")
    repetitions = SeededStream(seed: seed, "repetitions")
    restarts = SeededStream(seed: seed, "restarts")
    lengthenings = SeededStream(seed: seed, "lengthenings")
    pauses = SeededStream(seed: seed, "pauses")
  }

  /// One of `words`, or none.
  mutating func filler(of words: [String]) -> String? {
    let isDrawn = fillers.draws(rates.fillers, outOf: 100)
    let word = words[fillers.number(in: 0...(words.count - 1))]
    return isDrawn ? word : nil
  }

  /// Whether a word is said twice.
  mutating func repeats() -> Bool { repetitions.draws(rates.repetitions, outOf: 100) }

  /// Whether a word is drawn out.
  mutating func lengthens() -> Bool { lengthenings.draws(rates.lengthenings, outOf: 100) }

  /// Silence between two words, or none.
  mutating func pause() -> CallDuration? {
    let isDrawn = pauses.draws(rates.pauses, outOf: 100)
    let shortest = Int(rates.pauseMin.microseconds)
    let length = pauses.number(in: shortest...max(Int(rates.pauseMax.microseconds), shortest))
    return isDrawn ? .microseconds(Int64(length)) : nil
  }

  /// Which words are begun and broken off, or none: as many as `words` of the beginning of one of `phrases`, but never a whole
  /// phrase. Asked once a line.
  mutating func restart(in phrases: [Range<Int>], words: ClosedRange<Int>) -> Range<Int>? {
    let longer = phrases.filter { $0.count > 1 }
    guard restarts.draws(rates.restarts, outOf: 100), !longer.isEmpty else { return nil }
    let phrase = longer[restarts.number(in: 0...(longer.count - 1))]
    let count = min(restarts.number(in: words), phrase.count - 1)
    return phrase.lowerBound..<(phrase.lowerBound + count)
  }
}
