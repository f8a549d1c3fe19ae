import CallCore

/// What the measured waits for speech threads mean for admission.
///
/// Calls that go alike speak together, turn after turn, and their turns wait although the threads have time enough on the average. A door
/// that closed while they wait and opened between would let the next calls in together, and they would be the next bunch. So a wait that
/// passes closes nothing. It makes the share of the threads' time that may be foretold smaller, bit by bit, until no more than one second in
/// ten has a turn that waits too long. Only waits that stay, or are far too long, close the door.
///
/// The constants were chosen by the worlds of `TurnAdmissionTests`.
struct EngineWaits: Sendable {
  /// Part of the share that is taken off in a second with a turn that waits too long, and given back in one without.
  private static let loss = 0.018
  private static let gain = 0.002
  /// So much is left of the share in any case.
  private static let partMin = 0.6
  /// Waits that are too long for so long at a stretch close the door: a bunch is recognised in less.
  private static let persistence = CallDuration.seconds(4)
  /// So many times the limit closes it at once.
  private static let factor = 3

  /// What is left of the share that may be foretold, `partMin` … 1.
  private(set) var part = 1.0
  /// Since when turns wait too long, and since when too many wait; `nil`: they do not.
  private var waitSince: Timestamp?
  private var queueSince: Timestamp?

  /// Takes in one look.
  /// - Parameters:
  ///   - isOverloaded: whether the threads are in use for more of their time than they may: turns are dearer than was known, which their cost tells
  ///     by itself.
  ///   - seconds: since the last look, above 0.
  mutating func learn(_ figures: LoadFigures, _ limits: AdmissionLimits, isOverloaded: Bool, after seconds: Double) {
    let isLong = figures.engineWait > limits.engineWaitMax
    if !isLong {
      part = min(1, part + Self.gain * seconds)
    } else if !isOverloaded {
      part = max(Self.partMin, part - Self.loss * seconds)
    }
    waitSince = isLong ? waitSince ?? figures.at : nil
    queueSince = figures.engineQueue > limits.engineQueueMax ? queueSince ?? figures.at : nil
  }

  /// The limit that was passed for too long, or by far.
  func passedLimit(_ load: LoadFigures, _ limits: AdmissionLimits, at now: Timestamp) -> RefusalReason? {
    if load.engineWait > limits.engineWaitMax * Self.factor || hasStayed(since: waitSince, at: now) {
      return .engineWait
    }
    if load.engineQueue > limits.engineQueueMax * Self.factor || hasStayed(since: queueSince, at: now) {
      return .engineQueue
    }
    return nil
  }

  private func hasStayed(since: Timestamp?, at now: Timestamp) -> Bool {
    since.map { now - $0 >= Self.persistence } ?? false
  }
}
