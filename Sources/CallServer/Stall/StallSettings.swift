public import CallCore

/// When a thread is said to stand, and when the process ends itself for it.
public struct StallSettings: Sendable, Equatable {
  /// Time that one step of a loop or of the acceptor may take before the process ends itself; `nil`: it never does. A step takes
  /// milliseconds; whoever started the server starts it again.
  public var endAfter: CallDuration? = .seconds(30)
  /// Time after which `/readyz` says that a loop stands, and it gets no calls.
  public var noticeAfter = CallDuration.seconds(3)
  /// Time between two looks.
  public var period = CallDuration.seconds(1)

  /// Worker threads may take so many times longer: recognising 30 s of speech on a busy machine, a database that does not answer.
  static let workerFactor: Int64 = 10
  /// Threads that run test cases may take so many times longer: a whole conversation with sound is one step.
  static let testRunFactor: Int64 = 120

  /// The defaults.
  public init() {}

  func limits(factor: Int64 = 1) -> StallDetector.Limits {
    StallDetector.Limits(noticeAfter: noticeAfter * Int(factor), endAfter: endAfter.map { $0 * Int(factor) })
  }
}
