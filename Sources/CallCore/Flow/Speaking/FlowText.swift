/// A text with places for variables, such as `Order {order | digits} is on its way.`
///
/// Only `{name}` and `{name | filter}` are places; every other brace stands for itself, so that JSON can be written plainly.
public struct FlowText: Sendable, Hashable {
  /// A piece of the text.
  public enum Part: Sendable, Hashable {
    /// Said as it is.
    case words(String)
    /// The value of a variable, through the filters in order.
    case place(variable: String, filters: [String])
  }

  /// As it was written.
  public var source: String
  /// Its pieces, in order.
  public var parts: [Part]
  /// Whether marks of SSML in it are obeyed; in any other text they are silent.
  public var isSSML = false

  /// - Parameter source: any text; a place that is not well formed stays as it is (`FlowReader` finds those).
  public init(_ source: String) {
    self.source = source
    parts = FlowText.split(source)
  }

  /// - Parameter source: with marks of SSML that are understood whatever stands in its places (`FlowReader` finds others).
  public init(ssml source: String) {
    self.init(source)
    isSSML = true
  }

  /// The variables of its places, in order, with their filters.
  public var places: [(variable: String, filters: [String])] {
    parts.compactMap { part in
      if case .place(let variable, let filters) = part { (variable, filters) } else { nil }
    }
  }

  /// Names of the variables that stand between `<` and `>`.
  public var variablesInTags: [String] {
    var isInTag = false
    return parts.compactMap { part in
      switch part {
      case .words(let words):
        if let last = words.last(where: { $0 == "<" || $0 == ">" }) { isInTag = last == "<" }
        return nil
      case .place(let variable, _): return isInTag ? variable : nil
      }
    }
  }

  /// As it is shown to people: without marks that are obeyed.
  public var shown: String {
    guard isSSML else { return source }
    do throws(SSMLFault) { return try SSMLText(source).text } catch { return source }
  }

  /// Braces that belong to no place: in a spoken text a slip of the pen.
  public var hasStrayBrace: Bool {
    parts.contains { part in
      if case .words(let words) = part { words.contains { $0 == "{" || $0 == "}" } } else { false }
    }
  }

  private static func split(_ source: String) -> [Part] {
    var parts: [Part] = []
    var words = ""
    var rest = source[...]
    while let open = rest.firstIndex(of: "{") {
      words += rest[..<open]
      rest = rest[open...]
      if let close = rest.firstIndex(of: "}"), let place = place(in: rest[rest.index(after: open)..<close]) {
        if !words.isEmpty { parts.append(.words(words)) }
        words = ""
        parts.append(place)
        rest = rest[rest.index(after: close)...]
      } else {
        words.append("{")
        rest = rest.dropFirst()
      }
    }
    words += rest
    if !words.isEmpty { parts.append(.words(words)) }
    return parts
  }

  private static func place(in inside: Substring) -> Part? {
    let pieces = inside.split(separator: "|", omittingEmptySubsequences: false).map { piece in
      piece.trimming(\.isWhitespace)
    }
    guard pieces.allSatisfy(FlowText.isName), let variable = pieces.first else { return nil }
    return .place(variable: variable, filters: Array(pieces.dropFirst()))
  }

  /// Letters, digits, `_` and `-`, beginning with a letter or `_`.
  public static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter || first == "_" else { return false }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  }
}
