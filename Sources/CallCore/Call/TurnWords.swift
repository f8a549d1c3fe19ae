/// What the recognised words of a pause say about whether the caller has finished. English only, like the recogniser.
package struct TurnWords {
  /// Answers of so few words are left to silence: "Yes." and "Two." sound complete where "Yes, please" and "Two hundred" were begun, and both turn
  /// detector and transcript are at their weakest there (64 of 100 complete ones recognised, against 90 of sentences; measured).
  package static let shortAnswerMax = 2

  /// Whether they are a whole sentence; `nil` where words do not tell, as in short answers and where there are none.
  package let isComplete: Bool?

  /// - Parameter text: of the recogniser, with its punctuation.
  package init(_ text: String) {
    let words = text.split { $0.isWhitespace }
    guard words.count > Self.shortAnswerMax, let last = words.last else {
      isComplete = nil
      return
    }
    let isClosed = last.last.map { ".?!".contains($0) } == true && !last.hasSuffix("..")
    let word = last.trimming { !$0.isLetter && !$0.isNumber }.lowercased()
    isComplete = isClosed && !Self.leadingOn.contains(word)
  }

  /// Words after which a sentence rarely ends, though the recogniser puts its full stop there: articles, conjunctions, determiners, most
  /// prepositions, forms of "be" that join, and fillers.
  private static let leadingOn: Set<String> = [
    "a", "an", "the", "this", "these", "my", "your", "his", "her", "its", "our", "their",
    "and", "or", "but", "because", "if", "when", "while", "than", "as", "so", "that", "which", "whether", "until",
    "of", "to", "for", "with", "from", "at", "by", "in", "on", "into", "about", "between", "like",
    "is", "are", "was", "were", "am", "i'm", "i", "we", "it's", "i'd", "i'll", "we're", "want", "need",
    "um", "uh", "er", "erm", "hmm",
  ]
}
