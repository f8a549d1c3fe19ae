package import CallCore

/// A text that a synthesiser accepts: something to say, and not too much of it.
package struct SpokenText: Sendable {
  /// Longest text of one call of `SpeechSynthesizer.synthesize`, in characters.
  package static let charactersMax = 500

  /// Without control characters, such as the line breaks of a prompt file; words that no language has are cut (`WordCutter`).
  package let text: String

  /// - Throws: `.unsupported` for a text without letters or digits, or with more than 500 characters.
  package init(_ text: String) throws(EngineError) {
    guard text.contains(where: { $0.isLetter || $0.isNumber }) else { throw .unsupported("text without words") }
    guard text.scalarCount <= Self.charactersMax else {
      throw .unsupported("a text of \(text.scalarCount) characters; at most \(Self.charactersMax) are spoken at once")
    }
    self.text = WordCutter.cut(
      String(text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? " " : $0 }))
  }
}
