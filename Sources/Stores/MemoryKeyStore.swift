package import CallCore
package import CallDriver
import OrderedCollections
import Threads

/// Keys in memory, bounded by their number. They are gone when the process ends.
package final class MemoryKeyStore: KeyStore {
  private struct State {
    var keys: OrderedDictionary<String, APIKey> = [:]
    var evicted = 0
  }

  private let entriesMax: Int
  private let state = Locked(State())

  /// - Parameter entriesMax: keys kept, 1 and up. A key takes some 300 bytes; a thousand are more than people can keep apart.
  package init(entriesMax: Int = 1000) {
    precondition(entriesMax > 0, "a store keeps at least one key")
    self.entriesMax = entriesMax
  }

  /// False: they are in memory only.
  package var isLasting: Bool { false }

  package func keys() throws(StoreError) -> [APIKey] { state.withLock { Array($0.keys.values) } }

  package func add(_ key: APIKey) throws(StoreError) -> KeyChange {
    state.withLock { state in
      guard state.keys[key.id] == nil else { return .taken }
      guard state.keys.count < entriesMax || Self.evict(from: &state) else { return .full }
      state.keys[key.id] = key
      return .done
    }
  }

  package func revoke(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    change(id) { $0.revokedAtUnixMicroseconds = $0.revokedAtUnixMicroseconds ?? instant }
  }

  package func recordUse(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    change(id) { $0.lastUsedAtUnixMicroseconds = max($0.lastUsedAtUnixMicroseconds ?? instant, instant) }
  }

  /// None: no other server sees this memory.
  package func tokenKeys(candidate: [UInt8], rotation: CallDuration) throws(StoreError) -> [TokenKey] { [] }

  /// How full the store is.
  package var usage: StoreUsage {
    state.withLock { StoreUsage(entries: $0.keys.count, evicted: $0.evicted) }
  }

  private func change(_ id: String, _ body: (inout APIKey) -> Void) -> KeyChange {
    state.withLock { state in
      guard var key = state.keys[id] else { return .missing }
      body(&key)
      state.keys[id] = key
      return .done
    }
  }

  private static func evict(from state: inout State) -> Bool {
    let revoked = state.keys.values.filter { $0.revokedAtUnixMicroseconds != nil }
    let first = revoked.min { $0.revokedAtUnixMicroseconds ?? 0 < $1.revokedAtUnixMicroseconds ?? 0 }
    guard let first else { return false }
    state.keys[first.id] = nil
    state.evicted += 1
    return true
  }
}
