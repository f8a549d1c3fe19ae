import CallCore
import CallDriver
import Stores
import TestSupport

/// Campaigns in memory of which one server runs each, as a database has it; its clock is the test's.
final class LeasedCampaignStore: CampaignStore {
  private let store = MemoryCampaignStore()
  private let leases = Probe<[String: (runner: String, end: Timestamp)]>([:])
  let now = Probe(Timestamp.zero)

  var campaigns: any TelephonyResourceStore<Campaign> { store.campaigns }
  func add(_ campaign: Campaign, numbers: [String]) throws(StoreError) -> TelephonyChange {
    store.add(campaign, numbers: numbers)
  }
  func numbers(of id: String) throws(StoreError) -> [CampaignNumber] { store.numbers(of: id) }
  func counts(of owner: String?) throws(StoreError) -> [String: CampaignCounts] { store.counts(of: owner) }
  func unfinished() throws(StoreError) -> [Campaign] { store.unfinished() }
  func lease(_ id: String, to runner: String, for time: CallDuration) throws(StoreError) -> Bool {
    let now = now.current
    var isTaken = false
    leases.change { leases in
      if let lease = leases[id], lease.runner != runner, lease.end > now { return }
      leases[id] = (runner, now + time)
      isTaken = true
    }
    return isTaken
  }
  func claim(_ position: Int, of id: String, for callID: String, by runner: String) throws(StoreError) -> Bool {
    guard let lease = leases.current[id], lease.runner == runner, lease.end > now.current else { return false }
    return store.claim(position, of: id, for: callID, by: runner)
  }
  func settle(
    _ position: Int, of id: String, from old: CampaignNumber.State, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Bool { store.settle(position, of: id, from: old, as: state, reason: reason) }
  func settle(
    callID: String, of id: String, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Int? { store.settle(callID: callID, of: id, as: state, reason: reason) }
  func unclaim(callID: String, of id: String, reason: String) throws(StoreError) -> Bool {
    store.unclaim(callID: callID, of: id, reason: reason)
  }
  func erase(_ number: String, reason: String) throws(StoreError) -> Int { store.erase(number, reason: reason) }
}
