import CallCore
import CallDriver

/// Test cases whose database does not answer.
final class BrokenCaseStore: TestCaseStore {
  func cases() throws(StoreError) -> [TestCase] { throw .unavailable("the disk is full") }
  func testCase(id: String) throws(StoreError) -> TestCase? { throw .unavailable("the disk is full") }
  func add(_ cases: [TestCase]) throws(StoreError) -> TestCaseChange { throw .unavailable("the disk is full") }
  func replace(_ testCase: TestCase) throws(StoreError) -> TestCaseChange { throw .unavailable("the disk is full") }
  func remove(id: String) throws(StoreError) -> TestCaseChange { throw .unavailable("the disk is full") }
  var usage: StoreUsage { StoreUsage() }
}
