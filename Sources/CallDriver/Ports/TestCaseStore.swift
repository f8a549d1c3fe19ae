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
