import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store of usage that the contract holds for. A new one is one more line in `all`.
struct UsageStoreFactory: Sendable, CustomTestStringConvertible {
  static let all =
    [UsageStoreFactory(testDescription: "memory") { MemoryUsageStore(entriesMax: $0) }]
    + (TestCluster.isWanted
      ? [UsageStoreFactory(testDescription: "postgres") { try SettledUsageStore(entriesMax: $0) }] : [])

  let testDescription: String
  private let make: @Sendable (Int) throws -> any UsageStore

  private init(testDescription: String, make: @escaping @Sendable (Int) throws -> any UsageStore) {
    self.testDescription = testDescription
    self.make = make
  }

  /// An empty store.
  func store(entriesMax: Int = 1000) throws -> any UsageStore { try make(entriesMax) }
}
