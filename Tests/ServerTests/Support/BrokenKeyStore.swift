import CallCore
import CallDriver

/// A store whose database is gone.
final class BrokenKeyStore: KeyStore {
  func keys() throws(StoreError) -> [APIKey] { throw .unavailable("gone") }
  func add(_ key: APIKey) throws(StoreError) -> KeyChange { throw .unavailable("gone") }
  func revoke(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    throw .unavailable("gone")
  }
  func recordUse(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    throw .unavailable("gone")
  }
  func tokenKeys(candidate: [UInt8], rotation: CallDuration) throws(StoreError) -> [TokenKey] {
    throw .unavailable("gone")
  }
  var isLasting: Bool { true }
  var usage: StoreUsage { StoreUsage() }
}
