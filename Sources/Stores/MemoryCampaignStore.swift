package import CallCore
package import CallDriver
import Threads

/// Campaigns in memory. They are gone when the process ends, so the one server that has them always runs them.
package final class MemoryCampaignStore: CampaignStore {
  private let resources: MemoryTelephonyStore<Campaign>
  /// By the campaign's id, in order.
  private let lists = Locked<[String: [CampaignNumber]]>([:])

  package init(limits: TelephonyLimits = .campaigns) { resources = MemoryTelephonyStore(limits: limits) }

  package var campaigns: any TelephonyResourceStore<Campaign> { resources }

  package func add(_ campaign: Campaign, numbers: [String]) -> TelephonyChange {
    lists.withLock { lists in
      let change = resources.add(campaign)
      guard change == .done else { return change }
      sweep(&lists)
      lists[campaign.id] = numbers.enumerated().map { CampaignNumber(position: $0, number: $1) }
      return .done
    }
  }

  package func numbers(of id: String) -> [CampaignNumber] {
    lists.withLock { lists in resources.one(id: id) == nil ? [] : lists[id] ?? [] }
  }

  package func counts(of owner: String?) -> [String: CampaignCounts] {
    let ids = resources.all(of: owner).map(\.id)
    return lists.withLock { lists in
      var counts: [String: CampaignCounts] = [:]
      for id in ids { for number in lists[id] ?? [] { counts[id, default: CampaignCounts()].add(1, number.state) } }
      return counts
    }
  }

  package func unfinished() -> [Campaign] {
    resources.all(of: nil).filter { $0.status == .running || $0.status == .scheduled }
  }

  package func lease(_ id: String, to runner: String, for time: CallDuration) -> Bool { resources.one(id: id) != nil }

  package func claim(_ position: Int, of id: String, for callID: String, by runner: String) -> Bool {
    guard resources.one(id: id)?.status == .running else { return false }
    return change(id, at: position) { number in
      if number.state == .claimed { return number.callID == callID }
      guard number.state == .waiting else { return false }
      (number.state, number.callID) = (.claimed, callID)
      return true
    }
  }

  package func settle(
    _ position: Int, of id: String, from old: CampaignNumber.State, as state: CampaignNumber.State, reason: String?
  ) -> Bool {
    change(id, at: position) { number in
      guard number.state == old else { return false }
      (number.state, number.reason) = (state, reason)
      return true
    }
  }

  package func settle(callID: String, of id: String, as state: CampaignNumber.State, reason: String?) -> Int? {
    let position = lists.withLock { $0[id]?.firstIndex { $0.callID == callID } }
    guard let position, settle(position, of: id, from: .claimed, as: state, reason: reason) else { return nil }
    return position
  }

  package func unclaim(callID: String, of id: String, reason: String) -> Bool {
    let position = lists.withLock { $0[id]?.firstIndex { $0.callID == callID } }
    guard let position else { return false }
    return change(id, at: position) { number in
      guard number.state == .claimed, number.callID == callID else { return false }
      let isErased = number.number.isEmpty
      (number.state, number.reason) = isErased ? (.failed, reason) : (.waiting, nil)
      if !isErased { number.callID = nil }
      return true
    }
  }

  package func erase(_ number: String, reason: String) -> Int {
    lists.withLock { lists in
      var count = 0
      for id in lists.keys {
        for index in lists[id]?.indices ?? 0..<0 where lists[id]?[index].number == number {
          lists[id]?[index].number = ""
          if lists[id]?[index].state == .waiting {
            lists[id]?[index].state = .failed
            lists[id]?[index].reason = reason
          }
          count += 1
        }
      }
      return count
    }
  }

  private func change(_ id: String, at position: Int, _ body: (inout CampaignNumber) -> Bool) -> Bool {
    lists.withLock { lists in
      guard lists[id]?.indices.contains(position) == true, var number = lists[id]?[position], body(&number) else {
        return false
      }
      lists[id]?[position] = number
      return true
    }
  }

  /// Lists of campaigns that were removed go.
  private func sweep(_ lists: inout [String: [CampaignNumber]]) {
    for id in lists.keys where resources.one(id: id) == nil { lists[id] = nil }
  }
}
