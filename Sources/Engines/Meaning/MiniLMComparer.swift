public import CallCore
public import CallDriver
import Glibc
import Threads

/// Compares sentences by the directions that MiniLM gives them. Loads the model with the first question, some 0.3 s, and keeps what it made of
/// phrases. Safe to share by threads.
public final class MiniLMComparer: MeaningComparer {
  private enum Loaded: Sendable {
    case not
    case ready(SentenceEncoder)
    case failed(EngineError)
  }

  /// Phrases whose directions are kept, 1.6 KB each. With one more, all of them are made anew as they are asked for.
  static let phrasesMax = 4096

  private let folder: EngineFolder
  private let loaded = Locked(Loaded.not)
  private let known = Locked<[String: [Float]]>([:])

  /// Loads nothing.
  /// - Parameter folder: what `setup/fetch-engines.sh` filled.
  public init(folder: EngineFolder) { self.folder = folder }

  /// Whether both files can be read.
  public var isInstalled: Bool {
    access(folder.meaningModel, R_OK) == 0 && access(folder.meaningVocabulary, R_OK) == 0
  }

  /// Whether the model was loaded: for tests that nobody pays for it who does not ask.
  public var isLoaded: Bool { loaded.withLock { if case .ready = $0 { true } else { false } } }

  /// Some 5 ms for the text, and as much for each phrase that was never asked about.
  public func similarities(_ question: MeaningQuestion) throws(EngineError) -> [Similarity] {
    let encoder = try encoder()
    let text = try encoder.direction(of: question.text)
    return try question.phrases.map { phrase throws(EngineError) in
      let other = try direction(of: phrase, by: encoder)
      let cosine = SentenceEncoder.cosine(text, other)
      guard cosine.isFinite else { throw .library(function: "MiniLM: not a number", code: 0) }
      return Similarity(thousandths: Int((cosine * 1000).rounded()))
    }
  }

  /// Some 5 ms each.
  public func prepare(_ phrases: [String]) throws(EngineError) {
    guard !phrases.isEmpty else { return }
    let encoder = try encoder()
    for phrase in phrases { _ = try direction(of: phrase, by: encoder) }
  }

  private func direction(of phrase: String, by encoder: SentenceEncoder) throws(EngineError) -> [Float] {
    if let direction = known.withLock({ $0[phrase] }) { return direction }
    let direction = try encoder.direction(of: phrase)
    known.withLock { known in
      if known.count >= Self.phrasesMax { known = [:] }
      known[phrase] = direction
    }
    return direction
  }

  /// Others wait while it is being loaded. What failed once fails until the next start, as all engines do.
  private func encoder() throws(EngineError) -> SentenceEncoder {
    let folder = folder
    return try loaded.withLock { loaded throws(EngineError) in
      switch loaded {
      case .ready(let encoder): return encoder
      case .failed(let error): throw error
      case .not:
        do throws(EngineError) {
          let encoder = try SentenceEncoder(folder: folder)
          loaded = .ready(encoder)
          return encoder
        } catch {
          loaded = .failed(error)
          throw error
        }
      }
    }
  }
}
