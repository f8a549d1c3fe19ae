import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store of flows that the contract holds for. A new one is one more line in `all`.
struct FlowStoreFactory: Sendable, CustomTestStringConvertible {
  static let all = [memory] + (TestCluster.isWanted ? [postgres] : [])

  private static let memory = FlowStoreFactory(testDescription: "memory") {
    MemoryFlowStore(entriesMax: $0, versionsMax: $1, bytesMax: $2)
  }
  private static let postgres = FlowStoreFactory(testDescription: "postgres") {
    try SettledFlowStore(entriesMax: $0, versionsMax: $1, bytesMax: $2)
  }

  let testDescription: String
  let make: @Sendable (Int, Int, Int) throws -> any FlowStore

  /// An empty store.
  func store(entriesMax: Int = 100, versionsMax: Int = 20, bytesMax: Int = 1_000_000) throws -> any FlowStore {
    try make(entriesMax, versionsMax, bytesMax)
  }
}
