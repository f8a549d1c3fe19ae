/// How far a heard text is from what was said: the fewest word substitutions, deletions and insertions that turn one into
/// the other (Levenshtein over words), as in NIST's `sclite`.
///
/// Both texts are normalised first: letters are lowercased; digits, letters and apostrophes inside a word are kept, every
/// other character separates words; apostrophes are dropped (`don't` = `dont`); whole numbers from 0 to 99 that are written
/// in digits become words (`7` = `seven`, `42` = `forty two`). Nothing else is made equal: `o'clock`, `Mr` and larger
/// numbers count as they are written.
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
  public init(reference: String, heard: String) {
    let said = Self.words(of: reference)
    let understood = Self.words(of: heard)
    self = Self.align(said, understood)
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

  /// The normalised words of `text`; see the type.
  public static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in text.lowercased() + " " {
      if character.isLetter || character.isNumber {
        word.append(character)
      } else if character != "'" && character != "\u{2019}" && !word.isEmpty {
        words += spelledOut(word)
        word = ""
      }
    }
    return words
  }

  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]
  private static let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

  private static func spelledOut(_ word: String) -> [String] {
    guard let number = Int(word), (0..<100).contains(number), word == String(number) else { return [word] }
    if number < 20 { return [small[number]] }
    let ten = tens[number / 10 - 2]
    return number % 10 == 0 ? [ten] : [ten, small[number % 10]]
  }

  /// One row of the alignment table at a time; each cell counts the errors of the best alignment so far. Of equally good
  /// alignments a substitution wins over a deletion over an insertion.
  private static func align(_ said: [String], _ heard: [String]) -> WordErrorRate {
    let none = WordErrorRate(substitutions: 0, deletions: 0, insertions: 0, referenceWords: said.count)
    var above = (0...heard.count).map { count in
      var cell = none
      cell.insertions = count
      return cell
    }
    for (row, word) in said.enumerated() {
      var current = [none]
      current[0].deletions = row + 1
      for column in heard.indices {
        var best = above[column]
        if word != heard[column] { best.substitutions += 1 }
        if above[column + 1].errors + 1 < best.errors {
          best = above[column + 1]
          best.deletions += 1
        }
        if current[column].errors + 1 < best.errors {
          best = current[column]
          best.insertions += 1
        }
        current.append(best)
      }
      above = current
    }
    return above[heard.count]
  }
}
