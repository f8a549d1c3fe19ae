import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store of test cases and runs that the contract holds for. A new one is one more line in `all`.
struct TestStoreFactory: Sendable, CustomTestStringConvertible {
  static let all = [memory] + (TestCluster.isWanted ? [postgres] : [])

  private static let memory = TestStoreFactory(
    testDescription: "memory", makeCases: { MemoryTestCaseStore(entriesMax: $0, bytesMax: $1) },
    makeRuns: { MemoryTestRunStore(entriesMax: $0, bytesMax: $1) })
  private static let postgres = TestStoreFactory(
    testDescription: "postgres", makeCases: { try SettledTestCaseStore(entriesMax: $0, bytesMax: $1) },
    makeRuns: { try SettledTestRunStore(entriesMax: $0, bytesMax: $1) })

  let testDescription: String
  let makeCases: @Sendable (Int, Int) throws -> any TestCaseStore
  let makeRuns: @Sendable (Int, Int) throws -> any TestRunStore

  /// An empty store.
  func cases(entriesMax: Int = 1000, bytesMax: Int = 10_000_000) throws -> any TestCaseStore {
    try makeCases(entriesMax, bytesMax)
  }

  /// An empty store.
  func runs(entriesMax: Int = 1000, bytesMax: Int = 10_000_000) throws -> any TestRunStore {
    try makeRuns(entriesMax, bytesMax)
  }
}
