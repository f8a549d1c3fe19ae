import CallCore
import CallDriver
import Stores
import TestSupport

/// Campaigns in memory whose store does not answer when it is to say what became of a number, as often as the test wants, and during whose
/// reading of a list something may happen.
final class InterruptedCampaignStore: CampaignStore {
  private let store = MemoryCampaignStore()
  /// Changes that are refused from now on.
  let faults = Probe(0)
  /// Happens once, when the list of a campaign has been read.
  let onRead = Probe<(@Sendable () -> Void)?>(nil)

  private func fail() throws(StoreError) {
    var isFault = false
    faults.change { count in
      isFault = count > 0
      count = max(0, count - 1)
    }
    if isFault { throw .unavailable("gone") }
  }

  var campaigns: any TelephonyResourceStore<Campaign> { store.campaigns }
  func add(_ campaign: Campaign, numbers: [String]) throws(StoreError) -> TelephonyChange {
    store.add(campaign, numbers: numbers)
  }
  func numbers(of id: String) throws(StoreError) -> [CampaignNumber] {
    let numbers = store.numbers(of: id)
    let action = onRead.current
    onRead.change { $0 = nil }
    action?()
    return numbers
  }
  func counts(of owner: String?) throws(StoreError) -> [String: CampaignCounts] { store.counts(of: owner) }
  func unfinished() throws(StoreError) -> [Campaign] { store.unfinished() }
  func lease(_ id: String, to runner: String, for time: CallDuration) throws(StoreError) -> Bool {
    store.lease(id, to: runner, for: time)
  }
  func claim(_ position: Int, of id: String, for callID: String, by runner: String) throws(StoreError) -> Bool {
    store.claim(position, of: id, for: callID, by: runner)
  }
  func settle(
    _ position: Int, of id: String, from old: CampaignNumber.State, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Bool {
    try fail()
    return store.settle(position, of: id, from: old, as: state, reason: reason)
  }
  func settle(
    callID: String, of id: String, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Int? {
    try fail()
    return store.settle(callID: callID, of: id, as: state, reason: reason)
  }
  func unclaim(callID: String, of id: String, reason: String) throws(StoreError) -> Bool {
    store.unclaim(callID: callID, of: id, reason: reason)
  }
  func erase(_ number: String, reason: String) throws(StoreError) -> Int { store.erase(number, reason: reason) }
}
