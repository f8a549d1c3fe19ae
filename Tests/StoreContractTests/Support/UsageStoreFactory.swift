import CallDriver
import Stores
import Testing

/// A kind of store of usage that the contract holds for. A new one is one more line in `all`.
struct UsageStoreFactory: Sendable, CustomTestStringConvertible {
  static let all = [UsageStoreFactory(testDescription: "memory") { MemoryUsageStore(entriesMax: $0) }]

  let testDescription: String
  let make: @Sendable (Int) throws -> any UsageStore

  /// An empty store.
  func store(entriesMax: Int = 1000) throws -> any UsageStore { try make(entriesMax) }
}
