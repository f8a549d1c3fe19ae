/// A word or a punctuation character of Swift code, outside comments and texts.
struct Token: Sendable {
  /// The word; one character of punctuation; or a single `"` in place of a whole text.
  let text: String
  /// Counts from 1.
  let line: Int
}
