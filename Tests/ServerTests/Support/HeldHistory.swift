import TestSupport
import CallCore
import CallDriver
import Stores

/// A history whose list waits until it is let go.
final class HeldHistory: CallStore {
  let inner = MemoryCallStore()
  let isHeld = Probe(true)
  let asked = Probe(0)

  func append(_ call: StoredCall) throws(StoreError) { try inner.append(call) }
  func call(id: String) throws(StoreError) -> StoredCall? { try inner.call(id: id) }
  func removeAll(about number: String) throws(StoreError) -> [String] { try inner.removeAll(about: number) }
  var usage: StoreUsage { inner.usage }

  func calls(matching filter: CallFilter, limit: Int, after cursor: String?) throws(StoreError) -> CallPage {
    asked.change { $0 += 1 }
    isHeld.wait { !$0 }
    return try inner.calls(matching: filter, limit: limit, after: cursor)
  }
}
