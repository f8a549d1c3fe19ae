import CallCore
import CallDriver

/// A history whose database does not answer.
final class BrokenStore: CallStore {
  func append(_ call: StoredCall) throws(StoreError) { throw .unavailable("the disk is full") }

  func calls(matching filter: CallFilter, limit: Int, after cursor: String?) throws(StoreError) -> CallPage {
    throw .unavailable("the disk is full")
  }

  func call(id: String) throws(StoreError) -> StoredCall? { throw .unavailable("the disk is full") }

  func removeAll(about number: String) throws(StoreError) -> [String] { throw .unavailable("the disk is full") }

  var usage: StoreUsage { StoreUsage() }
}
