package import CallCore
package import CallDriver

/// Recognisers of several languages behind one door: what is said in a language goes to the first that has it. Safe to share by threads.
///
/// A turn in the language of a model that is still being tried is refused, because the usual recogniser would hear other words in it; but not in
/// English, which that one understands.
package final class LanguageRecognizer: SpeechRecognizer {
  /// A recogniser of some languages.
  package struct Choice: Sendable {
    /// How far it is.
    package enum State: Sendable {
      /// Not yet known whether it can be used.
      case tried(name: String)
      case ready(any SpeechRecognizer)
    }

    /// In lower case.
    let languages: [String]
    let state: State

    /// - Parameter languages: such as `de` or `pt-BR`.
    package init(_ languages: [String], _ state: State) {
      self.languages = languages.map { $0.lowercased() }
      self.state = state
    }
  }

  private let others: @Sendable () -> [Choice]
  private let usual: any SpeechRecognizer

  /// - Parameters:
  ///   - others: asked for each turn; of those that have its language, the first is used.
  ///   - usual: for all other languages, and where none is said.
  package init(_ others: @escaping @Sendable () -> [Choice], usual: any SpeechRecognizer) {
    self.others = others
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

  package func transcribeSoFar(
    _ turn: [Int16], language: String, cancellation: CancellationToken
  ) throws(EngineError) -> String {
    try recognizer(for: language).transcribeSoFar(turn, language: language, cancellation: cancellation)
  }

  private func recognizer(for language: String) throws(EngineError) -> any SpeechRecognizer {
    switch Self.state(for: language, among: others()) {
    case nil: return usual
    case .ready(let recognizer)?: return recognizer
    case .tried(let name)?: throw .unsupported("the model \(name) of the language \(language) is still being tried")
    }
  }

  /// The model without whose trial what is said in `language` is refused.
  /// - Parameter others: as in `init`.
  static func modelBeingTried(for language: String, among others: [Choice]) -> String? {
    if case .tried(let name)? = state(for: language, among: others) { name } else { nil }
  }

  /// One that has the very tag comes before one that has the language without a region, or with another.
  /// - Returns: `nil` where the usual recogniser hears.
  private static func state(for language: String, among others: [Choice]) -> Choice.State? {
    let tag = language.lowercased()
    let main = tag.prefix { $0 != "-" }
    let choice =
      others.first { $0.languages.contains(tag) }
      ?? others.first { $0.languages.contains { $0.prefix { $0 != "-" } == main } }
    if case .tried? = choice?.state, main == SpeechLanguage.usual { return nil }
    return choice?.state
  }
}
