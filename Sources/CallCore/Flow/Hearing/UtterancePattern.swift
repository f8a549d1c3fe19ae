/// Words that a flow listens for.
public enum UtterancePattern: Sendable, Hashable {
  /// These words, one after another.
  case phrase(UtterancePhrase)
  /// A regular expression over the caller's words.
  case expression(WordExpression)

  /// - Parameter written: words as people write them, or `/…/`. `nil` when there is no word in it or the expression is not one.
  public init?(_ written: String) {
    do throws(ExpressionFault) {
      guard let pattern = try UtterancePattern.read(written) else { return nil }
      self = pattern
    } catch {
      return nil
    }
  }

  /// The same, with what is wrong with an expression.
  /// - Returns: `nil` when there is no word in it.
  package static func read(_ written: String) throws(ExpressionFault) -> UtterancePattern? {
    if written.count > 2, written.hasPrefix("/"), written.hasSuffix("/") {
      return .expression(try WordExpression(String(written.dropFirst().dropLast())))
    }
    return UtterancePhrase(written).map(UtterancePattern.phrase)
  }

  /// Instructions of its expression; 0 for a phrase.
  package var size: Int { if case .expression(let expression) = self { expression.size } else { 0 } }

  /// How many of the words it takes; 0 when it is not in them.
  package func length(in heard: UtteranceIndex) -> Int {
    switch self {
    case .phrase(let phrase): heard.contains(phrase) ? phrase.words.count : 0
    case .expression(let expression): expression.length(in: heard)
    }
  }

  /// Whether it is in the words but for a slip of the recogniser.
  package func isNearly(in heard: UtteranceIndex) -> Bool {
    if case .phrase(let phrase) = self { heard.nearlyContains(phrase) } else { false }
  }
}

/// Words that stand one after another in what a caller says, ready to be looked for.
public struct UtterancePhrase: Sendable {
  /// Lower case, number words up to ten as numerals; not empty.
  public let words: [String]
  /// Of all words; see `WordHash`.
  let hash: UInt64
  /// UTF-8 of all words without blanks.
  let letters: [UInt8]
  let letterSet: LetterSet
  /// Letters that may be wrong; 0 where none may.
  let slipsMax: Int

  /// - Parameter written: words as people write them. `nil` when there is no word in it.
  public init?(_ written: String) {
    let words = UtteranceWords(written).folded
    guard !words.isEmpty else { return nil }
    self.words = words
    hash = WordHash.of(words)
    letters = Array(words.joined().utf8)
    letterSet = LetterSet(letters[...])
    slipsMax = letters.count >= 2 * Self.slipLengthMin ? 2 : letters.count >= Self.slipLengthMin ? 1 : 0
  }

  /// Shorter words become others too easily: "book" and "look", "four" and "hour".
  private static let slipLengthMin = 6
}

extension UtterancePhrase: Hashable {
  /// Same words.
  public static func == (left: UtterancePhrase, right: UtterancePhrase) -> Bool { left.words == right.words }

  /// By the words.
  public func hash(into hasher: inout Hasher) { hasher.combine(words) }
}

/// Which letters are in a word, one bit for every 64th byte value. One slip changes two of them at most.
struct LetterSet: Equatable {
  private var bits: UInt64 = 0

  init() {}

  init(_ letters: ArraySlice<UInt8>) {
    for letter in letters { bits |= 1 << UInt64(letter & 63) }
  }

  mutating func formUnion(_ other: LetterSet) { bits |= other.bits }

  /// Whether so many slips may lead from one to the other.
  func isWithin(_ slips: Int, of other: LetterSet) -> Bool { (bits ^ other.bits).nonzeroBitCount <= 2 * slips }
}

/// A number for words in a row, such that the number of a part follows from those of two beginnings.
enum WordHash {
  /// Odd; its powers repeat only after 2⁶² words.
  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

  static func of(_ words: [String]) -> UInt64 { words.reduce(0) { appended($1, to: $0) } }

  /// FNV-1a of the word, mixed, beside what was there.
  static func appended(_ word: String, to hash: UInt64) -> UInt64 {
    var own: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in word.utf8 { own = (own ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    own = (own ^ (own >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return hash &* factor &+ (own ^ (own >> 29))
  }

  /// Of the words between two beginnings.
  /// - Parameter power: `power(count)` for so many words.
  static func between(_ begin: UInt64, _ end: UInt64, power: UInt64) -> UInt64 { end &- begin &* power }

  static func power(_ count: Int) -> UInt64 { (0..<count).reduce(1) { product, _ in product &* factor } }
}

/// A regular expression over a caller's words, compiled once: lower case, no punctuation, no apostrophes. It begins and ends at the
/// border of a word.
public struct WordExpression: Sendable {
  /// As it was written, without slashes.
  public let source: String
  /// For words of ASCII letters alone.
  private let ascii: CompiledExpression
  /// For any others: `\b` would find a border within "café".
  private let other: CompiledExpression

  /// - Parameter source: without slashes.
  public init(_ source: String) throws(ExpressionFault) {
    self.source = source
    // Alone first: `a)(b` must not become right by what is written around it. By bytes, which is quicker where it can be.
    do throws(ExpressionFault) { _ = try CompiledExpression(source, .byBytes) } catch {
      _ = try CompiledExpression(source, [])
    }
    other = try CompiledExpression(Self.betweenBlanks(source), .filtered)
    ascii = try Self.forASCII("\\b(?:\(source))\\b", of: source)
  }

  /// Instructions of what was compiled.
  package var size: Int { ascii.stepsPerByte + other.stepsPerByte }

  /// How many of the words it takes; 0 when it is not in them.
  func length(in heard: UtteranceIndex) -> Int { heard.length(of: heard.isASCII ? ascii : other) }

  /// Bytes are characters there, which makes `.` one step instead of a dozen.
  private static func forASCII(_ bounded: String, of source: String) throws(ExpressionFault) -> CompiledExpression {
    guard source.utf8.allSatisfy({ $0 < 0x80 }) else { return try CompiledExpression(bounded, .filtered) }
    do throws(ExpressionFault) { return try CompiledExpression(bounded, [.filtered, .byBytes]) } catch {
      // Some escapes need more than a byte.
      return try CompiledExpression(bounded, .filtered)
    }
  }

  /// A blank of its own is a border too.
  private static func betweenBlanks(_ source: String) -> String {
    let begin = source.hasPrefix(" ") ? "" : "(?:^|\\x20)"
    let end = source.hasSuffix(" ") ? "" : "(?:\\x20|$)"
    return "\(begin)(?:\(source))\(end)"
  }
}

extension WordExpression: Hashable {
  /// Same text.
  public static func == (left: WordExpression, right: WordExpression) -> Bool { left.source == right.source }

  /// By the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
