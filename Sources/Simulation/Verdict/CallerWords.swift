import CallCore

/// What a caller said, and what of it the agent has to understand: a filler or a stumble is right either way, heard or left out.
struct CallerWords {
  let meaning: String
  let pieces: [SpokenPiece]

  /// Word errors of `heard`, by the reading of the caller's words that is best for it: what was meant, or all that was audible, each with
  /// and without the fillers.
  func errors(heard: String) -> WordErrorRate {
    let plain = WordErrorRate(reference: meaning, heard: heard)
    guard plain.errors > 0, pieces.contains(where: \.isSlip) else { return plain }
    let fillers = Set(
      pieces.flatMap { piece in
        if case .filler(let text) = piece { WordErrorRate.words(of: text) } else { [String]() }
      })
    let withoutFillers = WordErrorRate.words(of: heard).filter { !fillers.contains($0) }.joined(separator: " ")
    let audible = pieces.filter { !$0.isFiller }.wording
    return [
      plain, WordErrorRate(reference: meaning, heard: withoutFillers),
      WordErrorRate(reference: audible, heard: withoutFillers), WordErrorRate(reference: pieces.wording, heard: heard),
    ].min { $0.rate < $1.rate } ?? plain
  }
}

extension SpokenPiece {
  fileprivate var isFiller: Bool { if case .filler = self { true } else { false } }
  fileprivate var isSlip: Bool {
    switch self {
    case .filler, .stumble: true
    case .words, .lengthened, .pause: false
    }
  }
}
