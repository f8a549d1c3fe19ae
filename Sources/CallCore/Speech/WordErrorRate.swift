/// How far a heard text is from what was said: the fewest word substitutions, deletions and insertions that turn one into
/// the other (Levenshtein over words), as in NIST's `sclite`.
///
/// Both texts become the words of `EnglishWords` first, so that numbers, times, money, contractions and spellings count as what they mean
/// and not as they are written.
public struct WordErrorRate: Hashable, Sendable {
  /// Words of the reference that were heard as another word.
  public var substitutions: Int
  /// Words of the reference that were not heard.
  public var deletions: Int
  /// Words heard that were not said.
  public var insertions: Int
  /// Words of the reference.
  public var referenceWords: Int

  /// Aligns `heard` with `reference`. Costs time and memory in the product of their word counts.
  public init(reference: String, heard: String, by rules: EnglishWords.Rules = .voiceforge) {
    self.init(Self.alignment(reference: reference, heard: heard, by: rules))
  }

  /// Counts the steps of an alignment.
  public init(_ alignment: [AlignedWord]) {
    self.init(substitutions: 0, deletions: 0, insertions: 0, referenceWords: 0)
    for word in alignment {
      if case .inserted = word {} else { referenceWords += 1 }
      switch word {
      case .same: break
      case .substituted: substitutions += 1
      case .deleted: deletions += 1
      case .inserted: insertions += 1
      }
    }
  }

  private init(substitutions: Int, deletions: Int, insertions: Int, referenceWords: Int) {
    self.substitutions = substitutions
    self.deletions = deletions
    self.insertions = insertions
    self.referenceWords = referenceWords
  }

  /// All errors.
  public var errors: Int { substitutions + deletions + insertions }

  /// Errors per reference word: 0 is perfect, may pass 1 through insertions. With an empty reference it is 0 when nothing
  /// was heard and 1 otherwise.
  public var rate: Double {
    referenceWords == 0 ? (insertions == 0 ? 0 : 1) : Double(errors) / Double(referenceWords)
  }

  /// Counts of several texts together: the rate of a test set weighs each word the same.
  public static func + (left: WordErrorRate, right: WordErrorRate) -> WordErrorRate {
    WordErrorRate(
      substitutions: left.substitutions + right.substitutions, deletions: left.deletions + right.deletions,
      insertions: left.insertions + right.insertions, referenceWords: left.referenceWords + right.referenceWords)
  }

  /// The plain words of `text`, in which phrases are searched: letters are lowercased; digits, letters and apostrophes inside a word are
  /// kept, every other character separates words; apostrophes are dropped (`don't` = `dont`); whole numbers from 0 to 99 in digits become
  /// words (`42` = `forty two`); `to-morrow` is `tomorrow` and `good-bye` is `goodbye`. Unlike `EnglishWords`, nothing that is written is
  /// left out, so that a phrase stands where somebody wrote it.
  public static func words(of text: String) -> [String] {
    if let words = asciiWords(of: text) { return words }
    var words: [String] = []
    var word = ""
    for character in text.lowercased() + " " {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else if character != "'" && character != "\u{2019}" && !word.isEmpty {
        append(word, to: &words)
        word = ""
      }
    }
    return words
  }

  /// The same for a text in ASCII, many times faster: a judge of text-only calls does little else. `nil` for any other text.
  private static func asciiWords(of text: String) -> [String]? {
    var words: [String] = []
    var word = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        word.unicodeScalars.append(Unicode.Scalar(byte))
      case 0x80...: return nil
      case UInt8(ascii: "'"): break
      default:
        append(word, to: &words)
        word = ""
      }
    }
    append(word, to: &words)
    return words
  }

  /// Words that recognisers write as two.
  private static let compounds = ["to morrow": "tomorrow", "good bye": "goodbye"]

  private static func append(_ word: String, to words: inout [String]) {
    guard !word.isEmpty else { return }
    words += spelledOut(word)
    guard words.count > 1, let whole = compounds[words.suffix(2).joined(separator: " ")] else { return }
    words.replaceSubrange((words.count - 2)..., with: [whole])
  }

  private static func spelledOut(_ word: String) -> [String] {
    guard word.utf8.count <= 2, let number = Int(word), number >= 0, word == String(number) else { return [word] }
    return NumberWords.cardinal(number).split(separator: " ").map(String.init)
  }

  /// The alignment with the fewest errors, word for word; of equally good ones a substitution wins over a deletion over an
  /// insertion. Costs time and memory in the product of the word counts, one byte for each pair.
  public static func alignment(
    reference: String, heard: String, by rules: EnglishWords.Rules = .voiceforge
  ) -> [AlignedWord] {
    let said = EnglishWords.words(of: reference, by: rules)
    return alignment(of: said, with: reference == heard ? said : EnglishWords.words(of: heard, by: rules))
  }

  /// The same of texts that are words already.
  public static func alignment(of said: [String], with understood: [String]) -> [AlignedWord] {
    if said == understood { return said.map(AlignedWord.same) }
    let ways = alignmentTable(said, understood)
    var (row, column) = (said.count, understood.count)
    var aligned: [AlignedWord] = []
    while row > 0 || column > 0 {
      switch ways[row * (understood.count + 1) + column] {
      case .both:
        (row, column) = (row - 1, column - 1)
        let (word, other) = (said[row], understood[column])
        aligned.append(word == other ? .same(word) : .substituted(said: word, heard: other))
      case .said:
        row -= 1
        aligned.append(.deleted(said[row]))
      case .heard:
        column -= 1
        aligned.append(.inserted(understood[column]))
      }
    }
    return aligned.reversed()
  }

  /// Of which text the best alignment of two beginnings takes its last word.
  private enum WayBack: UInt8 { case both, said, heard }

  /// The whole table of ways, row by row: a row for each beginning of `said`, a column for each of `heard`.
  private static func alignmentTable(_ said: [String], _ heard: [String]) -> [WayBack] {
    var ways = [WayBack](repeating: .heard, count: heard.count + 1)
    ways.reserveCapacity((said.count + 1) * (heard.count + 1))
    var above = Array(0...heard.count)
    for (row, word) in said.enumerated() {
      var current = [row + 1]
      ways.append(.said)
      for column in heard.indices {
        var best = (errors: above[column] + (word == heard[column] ? 0 : 1), way: WayBack.both)
        if above[column + 1] + 1 < best.errors { best = (above[column + 1] + 1, .said) }
        if current[column] + 1 < best.errors { best = (current[column] + 1, .heard) }
        current.append(best.errors)
        ways.append(best.way)
      }
      above = current
    }
    return ways
  }
}

/// One step of the alignment of a heard text with what was said; the words are normalised as `WordErrorRate` says.
public enum AlignedWord: Hashable, Sendable {
  /// Said and heard.
  case same(String)
  /// Heard as another word.
  case substituted(said: String, heard: String)
  /// Said and not heard.
  case deleted(String)
  /// Heard and not said.
  case inserted(String)
}
