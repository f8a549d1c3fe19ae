/// What a caller said, prepared so that thousands of patterns are looked for in it in a bounded time.
///
/// A flow at all its limits listens for 10,000 phrases or 1,000 expressions in one state, and a line has up to 500 words. A phrase costs one look-up of a
/// number. An expression is searched only where the letters of its words are there. Slips are looked for only in words of the right length and
/// first letter. What searches cost is counted, the same on every machine: past `stepsMax` nothing more is searched in this line.
package final class UtteranceIndex {
  /// As callers say them.
  let words: [String]
  /// Whether there are only ASCII letters.
  let isASCII: Bool
  /// Steps taken so far.
  package private(set) var steps = 0

  private let text: [UInt8]
  private let letterTable: LetterTable
  private var runs: WordRuns
  private var lengths: [ObjectIdentifier: Int] = [:]

  /// A step is one instruction of an expression for one byte of text, or one letter compared with another: 1 to 7 ns, measured
  /// over expressions that were made to be slow. So a line costs less than a millisecond, and twice that where it corrects itself
  /// for a choice. A sensible state takes some thousand.
  package static let stepsMax = 100_000

  /// - Parameter heard: what was said.
  package init(_ heard: UtteranceWords) {
    words = heard.words
    // Lower-casing makes some letters three of one; no line that people say is longer than this.
    text = Array(heard.joined.utf8.prefix(Self.bytesMax))
    isASCII = text.allSatisfy { $0 < 0x80 }
    letterTable = LetterTable(text)
    runs = WordRuns(heard.folded)
  }

  private static let bytesMax = 4 * UtteranceWords.charactersMax

  /// Whether these words stand in it, one after another.
  func contains(_ phrase: UtterancePhrase) -> Bool { runs.contains(phrase) }

  /// Words that the expression takes; 0 when it is not found. It is looked for from the beginning, as far as the steps left allow.
  func length(of expression: CompiledExpression) -> Int {
    let key = ObjectIdentifier(expression)
    if let known = lengths[key] { return known }
    guard steps < Self.stepsMax, expression.mayMatch(letterTable, steps: &steps) else { return 0 }
    let reach = reach(of: (Self.stepsMax - steps) / expression.stepsPerByte - Self.bytesOfBeginning)
    guard reach > 0 else { return 0 }
    steps += (reach + Self.bytesOfBeginning) * expression.stepsPerByte
    let length = text.withUnsafeBufferPointer { text in
      let range = expression.range(in: UnsafeBufferPointer(rebasing: text[..<reach]))
      return range.map { text[$0].split(separator: UInt8(ascii: " ")).count } ?? 0
    }
    lengths[key] = length
    return length
  }

  /// To begin a search takes as long as so many bytes of text.
  private static let bytesOfBeginning = 4

  /// Bytes of whole words, at most so many.
  private func reach(of bytes: Int) -> Int {
    guard bytes < text.count else { return text.count }
    return text[..<max(bytes, 0)].lastIndex(of: UInt8(ascii: " ")) ?? 0
  }

  /// Whether the phrase stands in it but for a slip of the recogniser: one letter in six or more wrong, missing or too many, a word torn apart or
  /// two run together. The first letter must be right.
  func nearlyContains(_ phrase: UtterancePhrase) -> Bool {
    guard phrase.slipsMax > 0 else { return false }
    for count in max(1, phrase.words.count - 1)...(phrase.words.count + 1) where count <= words.count {
      guard steps < Self.stepsMax else { return false }
      steps += runs.prepare(count)
      guard runs.hasCandidates(for: phrase, of: count) else { continue }
      for run in runs.candidates(for: phrase, of: count) {
        steps += 1
        guard run.letterSet.isWithin(phrase.slipsMax, of: phrase.letterSet) else { continue }
        steps += run.letters.count * (2 * phrase.slipsMax + 1)
        guard steps < Self.stepsMax else { return false }
        let letters = runs.letters[run.letters]
        if EditDistance.of(Array(letters), phrase.letters, atMost: phrase.slipsMax) <= phrase.slipsMax { return true }
      }
    }
    return false
  }
}
