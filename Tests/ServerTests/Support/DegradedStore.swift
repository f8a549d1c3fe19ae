import CallCore
import CallDriver
import Stores

/// A history whose database went away: it keeps what comes and answers no question.
final class DegradedStore: CallStore {
  func append(_ call: StoredCall) throws(StoreError) {}

  func calls(matching filter: CallFilter, limit: Int, after cursor: String?) throws(StoreError) -> CallPage {
    throw .unavailable("the database cannot be reached")
  }

  func call(id: String) throws(StoreError) -> StoredCall? { throw .unavailable("the database cannot be reached") }

  func removeAll(about number: String) throws(StoreError) -> [String] {
    throw .unavailable("the database cannot be reached")
  }

  var usage: StoreUsage { StoreUsage(entries: 3, lost: 2, waiting: 5) }
  var health: StoreHealth { .degraded("the database cannot be reached; 5 records wait for it") }
}
