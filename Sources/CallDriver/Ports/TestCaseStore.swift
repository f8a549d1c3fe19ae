public import CallCore

/// Test cases that a server keeps. Blocking and safe to call from several threads; loops never call it.
public protocol TestCaseStore: AnyObject, Sendable {
  /// All cases, in the order in which they were added.
  func cases() throws(StoreError) -> [TestCase]

  /// One case, or `nil` when there is none of that id.
  func testCase(id: String) throws(StoreError) -> TestCase?

  /// Adds cases: all of them, or none.
  /// - Returns: `.done`, `.taken` for an id that is there already or twice among them, or `.full`.
  func add(_ cases: [TestCase]) throws(StoreError) -> TestCaseChange

  /// Puts a case in the place of the one with its id.
  /// - Returns: `.done`, `.missing` or `.full`.
  func replace(_ testCase: TestCase) throws(StoreError) -> TestCaseChange

  /// Takes a case away.
  /// - Returns: `.done` or `.missing`.
  func remove(id: String) throws(StoreError) -> TestCaseChange

  /// How full the store is. Quick: a store with a database behind it says what it saw last.
  var usage: StoreUsage { get }
}

/// What became of a change to the test cases.
public enum TestCaseChange: Sendable, Equatable {
  /// It was made.
  case done
  /// Nothing changed: there is a case of this id already.
  case taken(id: String)
  /// Nothing changed: there is no such case.
  case missing
  /// Nothing changed: there is no room. Names the limit, in words.
  case full(limit: String)
}

/// The runs of test cases. Blocking and safe to call from several threads; loops never call it.
public protocol TestRunStore: AnyObject, Sendable {
  /// Keeps a run. One whose id is there already takes the place of that one; the oldest runs make room when a bound is reached,
  /// and are counted.
  func save(_ run: TestRun) throws(StoreError)

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
