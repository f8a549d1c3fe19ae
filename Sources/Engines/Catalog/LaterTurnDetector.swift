import CallCore
import CallDriver

/// One turn detector until another was tried: for whoever asks before that and keeps what was given. Safe to share by threads.
final class LaterTurnDetector: TurnDetector {
  private let usual: any TurnDetector
  private let later: @Sendable () -> (any TurnDetector)?

  /// - Parameters:
  ///   - usual: answers until then.
  ///   - later: the other one as soon as it can be used; asked for each question.
  init(until usual: any TurnDetector, _ later: @escaping @Sendable () -> (any TurnDetector)?) {
    self.usual = usual
    self.later = later
  }

  private var current: any TurnDetector { later() ?? usual }

  func completeness(of turn: [Int16]) throws(EngineError) -> TurnCompleteness { try current.completeness(of: turn) }
  func prepare() throws(EngineError) { try current.prepare() }
  var isInstalled: Bool { current.isInstalled }
}
