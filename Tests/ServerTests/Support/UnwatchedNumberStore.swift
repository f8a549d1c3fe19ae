import CallCore
import CallDriver
import Stores
import TestSupport

/// Numbers in memory whose store takes every change and does not say then whether anything changed.
final class UnwatchedNumberStore: TelephonyResourceStore {
  private let store = MemoryTelephonyStore<TelephonyNumber>(limits: .numbers)
  let isAway = Probe(true)

  func all(of owner: String?) throws(StoreError) -> [TelephonyNumber] { store.all(of: owner) }
  func newest(
    of owner: String, in group: String?, limit: Int, before id: String?
  ) throws(StoreError) -> [TelephonyNumber] { store.newest(of: owner, in: group, limit: limit, before: id) }
  func one(id: String) throws(StoreError) -> TelephonyNumber? { store.one(id: id) }
  func add(_ resource: TelephonyNumber) throws(StoreError) -> TelephonyChange { store.add(resource) }
  func update(id: String, _ change: (inout TelephonyNumber) -> Bool) throws(StoreError) -> TelephonyChange {
    store.update(id: id, change)
  }
  func remove(id: String) throws(StoreError) -> TelephonyChange { store.remove(id: id) }
  func removeAll(about number: String) throws(StoreError) -> Int { store.removeAll(about: number) }
  func revision() throws(StoreError) -> Int {
    if isAway.current { throw .unavailable("gone") }
    return store.revision()
  }
  var usage: StoreUsage { store.usage }
}
