public import CallCore

/// Finds out how alike sentences are in meaning. Blocking, safe to call from several threads. What it needs is loaded by the first question, so
/// that nobody pays for it who asks none.
public protocol MeaningComparer: AnyObject, Sendable {
  /// - Returns: the similarity of the text to each phrase, in their order. The same question gives the same answer, bit by bit.
  func similarities(_ question: MeaningQuestion) throws(EngineError) -> [Similarity]

  /// Works these phrases out, so that no caller waits for them.
  func prepare(_ phrases: [String]) throws(EngineError)

  /// Whether its files are there; loads nothing.
  var isInstalled: Bool { get }
}

/// Stands where nothing understands meaning: each question is refused.
public final class AbsentMeaning: MeaningComparer {
  /// Understands nothing.
  public init() {}

  /// Refuses.
  public func similarities(_ question: MeaningQuestion) throws(EngineError) -> [Similarity] {
    throw .unsupported("intents by meaning")
  }

  /// Refuses.
  public func prepare(_ phrases: [String]) throws(EngineError) { throw .unsupported("intents by meaning") }

  /// Never.
  public var isInstalled: Bool { false }
}
