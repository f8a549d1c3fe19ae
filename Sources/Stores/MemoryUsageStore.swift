package import CallCore
package import CallDriver
import Threads

/// Usage in memory, bounded by its entries: the oldest day makes room.
package final class MemoryUsageStore: UsageStore {
  private struct Slot: Hashable {
    var day: Int
    var key: String?
    var node: String
  }

  private struct State {
    var entries: [Slot: UsageCounts] = [:]
    var evicted = 0
  }

  private let entriesMax: Int
  private let state = Locked(State())

  /// - Parameter entriesMax: days × keys kept, 1 and up. An entry takes some 200 bytes: 20,000 are ten keys for five years.
  package init(entriesMax: Int = 20_000) {
    precondition(entriesMax > 0, "a store keeps at least one entry")
    self.entriesMax = entriesMax
  }

  package func save(_ entries: [UsageEntry], of node: String) throws(StoreError) {
    state.withLock { state in
      for entry in entries { state.entries[Slot(day: entry.day, key: entry.key, node: node)] = entry.counts }
      while state.entries.count > entriesMax { dropOldestDay(of: &state) }
    }
  }

  package func entries(of days: ClosedRange<Int>) throws(StoreError) -> [UsageEntry] {
    state.withLock { state in
      var sums: [Slot: UsageCounts] = [:]
      for (slot, counts) in state.entries where days.contains(slot.day) {
        sums[Slot(day: slot.day, key: slot.key, node: ""), default: UsageCounts()] += counts
      }
      return sums.map { UsageEntry(day: $0.day, key: $0.key, counts: $1) }.sorted(by: UsageEntry.isBefore)
    }
  }

  package func shares(limit: Int) throws(StoreError) -> [UsageShare] {
    let all = state.withLock { state in
      state.entries.map { slot, counts in
        UsageShare(node: slot.node, entry: UsageEntry(day: slot.day, key: slot.key, counts: counts))
      }
    }
    let sorted = all.sorted {
      ($0.entry.day, $0.entry.key ?? "", $0.node) < ($1.entry.day, $1.entry.key ?? "", $1.node)
    }
    return Array(sorted.suffix(limit))
  }

  /// How full the store is.
  package var usage: StoreUsage {
    state.withLock { StoreUsage(entries: $0.entries.count, evicted: $0.evicted) }
  }

  /// When the bound is so low that one day does not fit, that day loses keys, so that the newest figures are never refused.
  private func dropOldestDay(of state: inout State) {
    guard let oldest = state.entries.keys.map(\.day).min() else { return }
    let old = state.entries.keys.filter { $0.day == oldest }
    let isLast = old.count == state.entries.count
    for slot in isLast ? Array(old.prefix(old.count - entriesMax)) : old {
      state.entries[slot] = nil
      state.evicted += 1
    }
  }
}
