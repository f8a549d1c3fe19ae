import CExpressions

/// Why a text is no regular expression that can be used here, and what to do.
public struct ExpressionFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// For the author of the file, such as "has look-around `(?=`: …".
  public let description: String

  /// Bytes of the piece that is shown.
  static let detailMax = 40

  init(_ status: ExpressionStatus, _ piece: String) {
    description =
      switch status {
      case ExpressionBadGroup: Self.group(piece)
      case ExpressionBadEscape: Self.escape(piece)
      case ExpressionBadRepetition: "has `\(piece)`: write one of `*`, `+` and `?`, or a group around the inner one"
      case ExpressionRepeatedTooOften: "repeats too often with `\(piece)`: at most 1,000 times, nested ones multiplied"
      case ExpressionTooLarge: "is too large: repeat less often with `{…}`, or make several of it"
      default: piece.isEmpty ? "is not a regular expression" : "is not a regular expression: look at `\(piece)`"
      }
  }

  private static func group(_ piece: String) -> String {
    switch piece.dropFirst(2).first {
    case "=", "!":
      "has look-ahead `\(piece)`, which there is not: list the words to hear, or put another intent before it"
    case "<":
      "has `\(piece)`: there is no look-behind, write the words themselves; a group needs no name, write `(…)`"
    case ">": "has an atomic group `\(piece)`, which there is not: write `(?:…)`"
    default: "has `\(piece)`, which there is not: write a plain group `(?:…)`"
    }
  }

  private static func escape(_ piece: String) -> String {
    let isReference = piece.dropFirst().first.map { $0.isNumber || $0 == "k" || $0 == "g" } ?? false
    return isReference
      ? "has the back-reference `\(piece)`, which there is not: write out what may be repeated"
      : "has `\(piece)`, which means nothing here: write the letters themselves"
  }
}
