import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store that the contract holds for. A new one is one more line in `all`.
struct StoreFactory: Sendable, CustomTestStringConvertible {
  static let all =
    [StoreFactory(testDescription: "memory") { MemoryCallStore(entriesMax: $0, bytesMax: $1) }]
    + (TestCluster.isWanted
      ? [StoreFactory(testDescription: "postgres") { try SettledCallStore(entriesMax: $0, bytesMax: $1) }] : [])

  let testDescription: String
  private let make: @Sendable (Int, Int) throws -> any CallStore

  private init(testDescription: String, make: @escaping @Sendable (Int, Int) throws -> any CallStore) {
    self.testDescription = testDescription
    self.make = make
  }

  /// An empty store.
  func store(entriesMax: Int = 1000, bytesMax: Int = 100_000_000) throws -> any CallStore {
    try make(entriesMax, bytesMax)
  }
}
