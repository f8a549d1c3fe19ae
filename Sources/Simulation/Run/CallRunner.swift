public import CallCore

/// Holds one call of a run, blocking until it is over. Safe to use from several threads at once.
public protocol CallRunner: Sendable {
  /// - Returns: the evidence; what kept the call from coming about is its `failure`.
  func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence
}
