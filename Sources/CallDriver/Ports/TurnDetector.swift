public import CallCore

/// Tells by its sound whether a caller has finished a turn. Blocking, safe to call from several threads. What it needs is loaded by the first
/// question, so that nobody pays for it who asks none.
public protocol TurnDetector: AnyObject, Sendable {
  /// - Parameter turn: 16 kHz mono samples of the turn so far, oldest first, with the pause behind its last word; only its last 8 s count.
  /// - Returns: how likely nothing follows. The same samples give the same answer.
  func completeness(of turn: [Int16]) throws(EngineError) -> TurnCompleteness

  /// Loads what it needs, so that no caller waits for it.
  func prepare() throws(EngineError)

  /// Whether its files are there; loads nothing.
  var isInstalled: Bool { get }
}

/// Stands where nothing tells whether a turn is complete: each question is refused, and silence ends turns.
public final class AbsentTurnDetector: TurnDetector {
  /// Knows nothing.
  public init() {}

  /// Refuses.
  public func completeness(of turn: [Int16]) throws(EngineError) -> TurnCompleteness { throw Self.refusal }

  /// Refuses.
  public func prepare() throws(EngineError) { throw Self.refusal }

  /// Never.
  public var isInstalled: Bool { false }

  private static let refusal = EngineError.unsupported("ends of turns by meaning")
}
