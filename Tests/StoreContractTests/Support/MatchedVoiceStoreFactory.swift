import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store of matched voices that the contract holds for. A new one is one more line in `all`.
struct MatchedVoiceStoreFactory: Sendable, CustomTestStringConvertible {
  static let all =
    [MatchedVoiceStoreFactory(testDescription: "memory") { MemoryMatchedVoiceStore(countMax: $0) }]
    + (TestCluster.isWanted
      ? [MatchedVoiceStoreFactory(testDescription: "postgres") { try SettledMatchedVoiceStore(countMax: $0) }] : [])

  let testDescription: String
  private let make: @Sendable (Int) throws -> any MatchedVoiceStore

  private init(testDescription: String, make: @escaping @Sendable (Int) throws -> any MatchedVoiceStore) {
    self.testDescription = testDescription
    self.make = make
  }

  /// An empty store.
  func store(countMax: Int = 100) throws -> any MatchedVoiceStore { try make(countMax) }
}
