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
    var luck = DisfluencyStreams(rates: rates, seed: SeededStream.seed(from: seed, "disfluency", turn))
    let tokens = Self.tokens(of: line)
    let restart = luck.restart(in: Self.phrases(of: tokens), words: Self.restartWords)
    var drawn = SpokenPieceList()
    var isFirst = true
    for (index, token) in tokens.enumerated() {
      guard let word = token.word else {
        drawn.append(token.piece)
        continue
      }
      // Where a pause is written there is silence enough, but the place is drawn for all the same.
      if !isFirst, let pause = luck.pause(), !drawn.endsInPause { drawn.append(.pause(pause)) }
      if let filler = luck.filler(of: isFirst ? Self.openers : Self.fillers) { drawn.append(.filler(filler)) }
      if let restart, restart.lowerBound == index {
        drawn.append(.stumble(Self.brokenOff(tokens[restart].compactMap(\.word).joined(separator: " "))))
      }
      if luck.repeats() { drawn.append(.stumble(Self.brokenOff(word))) }
      drawn.append(luck.lengthens() ? .lengthened(word) : token.piece)
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
