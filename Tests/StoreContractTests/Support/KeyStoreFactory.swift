import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store of keys that the contract holds for. A new one is one more line in `all`.
struct KeyStoreFactory: Sendable, CustomTestStringConvertible {
  static let all =
    [KeyStoreFactory(testDescription: "memory") { MemoryKeyStore(entriesMax: $0) }]
    + (TestCluster.isWanted
      ? [KeyStoreFactory(testDescription: "postgres") { try SettledKeyStore(entriesMax: $0) }] : [])

  let testDescription: String
  private let make: @Sendable (Int) throws -> any KeyStore

  private init(testDescription: String, make: @escaping @Sendable (Int) throws -> any KeyStore) {
    self.testDescription = testDescription
    self.make = make
  }

  /// An empty store.
  func store(entriesMax: Int = 1000) throws -> any KeyStore { try make(entriesMax) }
}
