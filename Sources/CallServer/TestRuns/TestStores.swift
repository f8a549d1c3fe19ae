public import CallDriver
public import Simulation

/// Where a server's test cases and their runs are kept.
public struct TestStores: Sendable {
  /// The cases.
  public var cases: any TestCaseStore
  /// The runs.
  public var runs: any TestRunStore
  /// Reads the recordings that cases play. Cases that come in over REST can name none.
  public var readSound: CallerPlanner.SoundReader

  /// See the properties.
  public init(
    cases: any TestCaseStore, runs: any TestRunStore, readSound: @escaping CallerPlanner.SoundReader
  ) {
    self.cases = cases
    self.runs = runs
    self.readSound = readSound
  }
}
