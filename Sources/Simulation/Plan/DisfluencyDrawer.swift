public import CallCore

/// Draws where a caller stumbles. What the caller means stays, word for word.
///
/// Each kind draws from a stream of its own for each turn, and as much at every place whatever comes of it, so that another rate of
/// one kind moves nothing of the others, and a higher rate keeps what a lower one drew.
public struct DisfluencyDrawer: Sendable {
  /// What is said at the beginning of a line, and within it.
  private static let openers = ["uh", "um", "well"]
  private static let fillers = ["uh", "um"]
  /// Words of a phrase that is broken off.
  private static let restartWords = 1...3

  private let rates: DisfluencyRates
  private let seed: UInt64

  /// - Parameters:
  ///   - rates: how often; each in per cent.
  ///   - seed: of the call.
  public init(rates: DisfluencyRates, seed: UInt64) {
    self.rates = rates
    self.seed = seed
  }

  /// - Parameters:
  ///   - line: what is written.
  ///   - turn: its number; another turn has other luck with the same line.
  /// - Returns: pieces with the same `meaning`, word for word. Words that follow one another are one piece.
  public func draw(_ line: [SpokenPiece], turn: Int) -> [SpokenPiece] {
    guard !rates.isFluent else { return line }
    var streams = DisfluencyStreams(rates: rates, seed: SeededStream.seed(from: seed, "disfluency", turn))
    let tokens = Self.tokens(of: line)
    let restart = streams.restart(in: Self.phrases(of: tokens), words: Self.restartWords)
    var drawn = SpokenPieceList()
    var isFirst = true
    for (index, token) in tokens.enumerated() {
      guard let word = token.word else {
        drawn.append(token.piece)
        continue
      }
      // Where a pause is written there is silence enough, but the place is drawn for all the same.
      if !isFirst, let pause = streams.pause(), !drawn.endsInPause { drawn.append(.pause(pause)) }
      if let filler = streams.filler(of: isFirst ? Self.openers : Self.fillers) { drawn.append(.filler(filler)) }
      if let restart, restart.lowerBound == index {
        drawn.append(.stumble(Self.brokenOff(tokens[restart].compactMap(\.word).joined(separator: " "))))
      }
      if streams.repeats() { drawn.append(.stumble(Self.brokenOff(word))) }
      drawn.append(streams.lengthens() ? .lengthened(word) : token.piece)
      isFirst = false
    }
    return drawn.pieces
  }

  /// Words one by one, and everything else as it is.
  private static func tokens(of line: [SpokenPiece]) -> [SpokenToken] {
    line.flatMap { piece -> [SpokenToken] in
      switch piece {
      case .words(let text): text.split(separator: " ").map { SpokenToken(piece: .words(String($0)), word: String($0)) }
      case .lengthened(let word): [SpokenToken(piece: piece, word: word)]
      case .filler, .stumble, .pause: [SpokenToken(piece: piece, word: nil)]
      }
    }
  }

  /// Stretches of words without anything between them or the end of a sentence within them, by index.
  private static func phrases(of tokens: [SpokenToken]) -> [Range<Int>] {
    var phrases: [Range<Int>] = []
    var start = 0
    for (index, token) in tokens.enumerated() {
      if token.word == nil {
        if start < index { phrases.append(start..<index) }
        start = index + 1
      } else if let last = token.word?.last, ".?!".contains(last) {
        phrases.append(start..<(index + 1))
        start = index + 1
      }
    }
    if start < tokens.count { phrases.append(start..<tokens.count) }
    return phrases
  }

  /// Without the mark at its end: a voice would let it fall there.
  private static func brokenOff(_ words: String) -> String {
    let end = words.lastIndex { !".,;:!?…".contains($0) }
    return end.map { String(words[...$0]) } ?? words
  }
}

/// The streams of one line, one for each kind of disfluency. Every question draws the same number of times, whatever it answers.
struct DisfluencyStreams {
  private let rates: DisfluencyRates
  private var fillers: SeededStream
  private var repetitions: SeededStream
  private var restarts: SeededStream
  private var lengthenings: SeededStream
  private var pauses: SeededStream

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

/// A word of a caller's line, or something between words.
struct SpokenToken {
  /// As it is said.
  var piece: SpokenPiece
  /// The word; `nil` for what is no word of the caller's.
  var word: String?
}

/// A line that grows piece by piece; words that follow one another become one piece.
struct SpokenPieceList {
  private(set) var pieces: [SpokenPiece] = []

  var endsInPause: Bool {
    if case .pause? = pieces.last { true } else { false }
  }

  mutating func append(_ piece: SpokenPiece) {
    guard case .words(let more) = piece, case .words(let text)? = pieces.last else { return pieces.append(piece) }
    pieces[pieces.count - 1] = .words(text + " " + more)
  }
}
