/// How far a run is.
public struct RunProgress: Sendable {
  /// Calls of the run.
  public var all: Int
  /// Calls that are over.
  public var done = 0
  /// Calls under way.
  public var running = 0
  /// Of those that are over, by verdict.
  public var passed = 0
  /// See `passed`.
  public var failed = 0
  /// See `passed`.
  public var invalid = 0
  /// The case that ended last; `nil` before the first.
  public var latest: CaseResult?

  /// - Parameter all: calls of the run.
  public init(all: Int) { self.all = all }

  mutating func add(_ result: CaseResult) {
    running -= 1
    done += 1
    switch result.verdict {
    case .passed: passed += 1
    case .failed: failed += 1
    case .invalid: invalid += 1
    }
    latest = result
    latest?.evidence.tracks = nil
  }
}
