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
