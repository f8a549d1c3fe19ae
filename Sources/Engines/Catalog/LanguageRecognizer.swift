package import CallCore
package import CallDriver

/// Recognisers of several languages behind one door: what is said in a language goes to the first that has it. Safe to share by threads.
package final class LanguageRecognizer: SpeechRecognizer {
  private let others: [(languages: [String], recognizer: any SpeechRecognizer)]
  private let usual: any SpeechRecognizer

  /// - Parameters:
  ///   - others: with the languages of each, such as `de` or `pt-BR`; the first that has a language is used.
  ///   - usual: for all other languages, and where none is said.
  package init(_ others: [(languages: [String], recognizer: any SpeechRecognizer)], usual: any SpeechRecognizer) {
    self.others = others.map { ($0.languages.map { $0.lowercased() }, $0.recognizer) }
    self.usual = usual
  }

  package func transcribe(_ turn: [Int16]) throws(EngineError) -> String {
    try transcribe(turn, language: SpeechLanguage.usual, cancellation: CancellationToken())
  }

  package func transcribe(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try recognizer(for: language).transcribe(turn, cancellation: cancellation)
  }

  /// One that has the very tag comes before one that has the language without a region, or with another.
  private func recognizer(for language: String) -> any SpeechRecognizer {
    let tag = language.lowercased()
    let main = tag.prefix { $0 != "-" }
    return others.first { $0.languages.contains(tag) }?.recognizer
      ?? others.first { $0.languages.contains { $0.prefix { $0 != "-" } == main } }?.recognizer ?? usual
  }
}
