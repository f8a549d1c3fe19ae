public import CallCore

/// The runs of test cases. Blocking and safe to call from several threads; loops never call it.
public protocol TestRunStore: AnyObject, Sendable {
  /// Keeps a run. One whose id is there already takes the place of that one; the oldest runs make room when a bound is reached,
  /// and are counted.
  func keep(_ run: TestRun) throws(StoreError)

  /// Runs without their transcripts, the one that was kept first last.
  /// - Parameter limit: 1 … 100.
  func runs(limit: Int) throws(StoreError) -> [TestRun]

  /// One run with its transcript, or `nil` when it is not (or no longer) there.
  func run(id: String) throws(StoreError) -> TestRun?

  /// The ids of all runs, the one that was kept first first.
  func runIDs() throws(StoreError) -> [String]

  /// How full the store is. Quick: a store with a database behind it says what it saw last.
  var usage: StoreUsage { get }
}
