/// A text with SSML marks (Speech Synthesis Markup Language, W3C 1.1), of which a small part is understood: the elements of `SSMLElement`,
/// comments, and the entities of XML. Anything else is a fault that says what is understood.
///
/// `<speak>` around the text may be left out. A pure value: it is read once, and each voice says it in its own words.
public struct SSMLText: Sendable, Equatable {
  /// One thing after the other of what is said.
  enum Item: Sendable, Equatable {
    /// Words at a rate in per cent of the voice's own. `said` is what is said for them whatever a normaliser makes of them.
    case words(String, said: Saying, ratePercent: Int)
    /// Silence.
    case pause(CallDuration)
    /// A sentence ends here, whatever its marks.
    case sentenceEnd
  }

  /// How words are turned into what is said.
  enum Saying: Sendable, Hashable {
    /// As any text.
    case normalized
    /// In these words: the alias of a `sub`.
    case alias(String)
    /// As `say-as` says.
    case reading(SayAs, format: String)
  }

  /// Most Unicode scalars of a text with its marks: as many as any text to be spoken may have.
  public static let scalarsMax = TextNormalizer.scalarsMax
  /// Most elements of a text: far more than five minutes of speech need.
  public static let elementsMax = 1_000
  /// Deepest nesting of elements.
  public static let depthMax = 16
  /// Longest silence of one `break`; other services take as much.
  public static let pauseMax = CallDuration.seconds(10)
  /// Longest silence of all of them together: memory that no words fill.
  public static let pausesMax = CallDuration.seconds(60)

  /// In order.
  let items: [Item]

  /// - Parameter source: with marks, at most `scalarsMax` Unicode scalars.
  /// - Throws: what is wrong, where, and what is understood instead.
  public init(_ source: String) throws(SSMLFault) {
    let length = source.scalarCount
    guard length <= Self.scalarsMax else {
      throw SSMLFault("the text has \(length) characters; at most \(Self.scalarsMax) are taken: cut it")
    }
    var reader = SSMLReader(source)
    items = try reader.read()
  }

  /// The words without marks, white space folded: what a transcript shows.
  public var text: String { words.joined(separator: " ") }

  private var words: [String] {
    var written = ""
    for item in items {
      if case .words(let words, _, _) = item { written += words } else { written += " " }
    }
    return written.wordsWithinBlanks
  }

  /// Whether there is anything to say.
  public var hasWords: Bool {
    items.contains { item in
      guard case .words(let words, let said, _) = item else { return false }
      if case .alias(let alias) = said { return alias.contains { $0.isLetter || $0.isNumber } }
      return words.contains { $0.isLetter || $0.isNumber }
    }
  }
}

/// Why a text is not understood as SSML.
public struct SSMLFault: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, where, and what to write instead; quotes at most a few words of the text.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// The elements that are understood.
enum SSMLElement: String, CaseIterable {
  case speak
  case p
  case s
  case pause = "break"
  case sayAs = "say-as"
  case sub
  case prosody

  /// Attributes that mean something here.
  var attributes: [String] {
    switch self {
    case .speak, .p, .s: []
    case .pause: ["time", "strength"]
    case .sayAs: ["interpret-as", "format"]
    case .sub: ["alias"]
    case .prosody: ["rate"]
    }
  }

  /// Whether it holds nothing but words.
  var isLeaf: Bool { self == .sayAs || self == .sub || self == .pause }

  /// All of them, for a message.
  static var names: String { allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ") }
}

extension StringProtocol {
  /// Words between white space, which a mark that belongs to no letter does not hide.
  var wordsWithinBlanks: [String] {
    unicodeScalars.split(whereSeparator: \.properties.isWhitespace).map { String(String.UnicodeScalarView($0)) }
  }
}
