import CallCore
import Simulation

/// Stands in for a target at which nobody answers: no call comes about, and every case says why. So the reports of such a run are
/// written like those of any other.
struct UnreachableCallRunner: CallRunner {
  /// With what to do.
  let why: String

  func call(_ testCase: TestCase, seed: UInt64) -> CallEvidence {
    var evidence = CallEvidence(mode: .live)
    evidence.failure = .unreachable(why)
    return evidence
  }
}
