package import CallCore
package import CallDriver
import OrderedCollections
import Threads

/// What keys have for their telephone calls, of one kind, in memory. It is gone when the process ends.
package final class MemoryTelephonyStore<Resource: TelephonyResource>: TelephonyResourceStore {
  private struct State {
    /// The oldest first.
    var kept: OrderedDictionary<String, Resource> = [:]
    /// Ids by unique text.
    var unique: [String: String] = [:]
    var evicted = 0
    var revision = 0

    mutating func put(_ resource: Resource) {
      if let text = kept[resource.id]?.uniqueText { unique[text] = nil }
      if let text = resource.uniqueText { unique[text] = resource.id }
      kept[resource.id] = resource
      revision += 1
    }

    mutating func remove(_ id: String) -> Bool {
      guard let gone = kept.removeValue(forKey: id) else { return false }
      if let text = gone.uniqueText { unique[text] = nil }
      revision += 1
      return true
    }

    /// Whether another one has this one's unique text.
    func isTaken(_ resource: Resource) -> Bool {
      resource.uniqueText.flatMap { unique[$0] }.map { $0 != resource.id } ?? false
    }
  }

  private let limits: TelephonyLimits
  private let state = Locked(State())

  package init(limits: TelephonyLimits) { self.limits = limits }

  package func all(of owner: String?) -> [Resource] {
    state.withLock { state in state.kept.values.filter { owner == nil || $0.owner == owner } }
  }

  package func newest(of owner: String, in group: String?, limit: Int, before id: String?) -> [Resource] {
    state.withLock { state in
      let end = id.map { state.kept.index(forKey: $0) ?? 0 } ?? state.kept.count
      let fitting = state.kept.values[..<end].reversed().lazy
        .filter { $0.owner == owner && (group == nil || $0.groupText == group) }
      return Array(fitting.prefix(limit))
    }
  }

  package func one(id: String) -> Resource? { state.withLock { $0.kept[id] } }

  package func add(_ resource: Resource) -> TelephonyChange {
    state.withLock { state in
      guard state.kept[resource.id] == nil, !state.isTaken(resource) else { return .taken }
      if limits.perOwnerMax < .max {
        guard state.kept.values.count(where: { $0.owner == resource.owner }) < limits.perOwnerMax else { return .full }
      }
      if state.kept.count >= limits.entriesMax {
        guard limits.overflow == .evictOldest, let oldest = state.kept.keys.first else { return .full }
        _ = state.remove(oldest)
        state.evicted += 1
      }
      state.put(resource)
      return .done
    }
  }

  package func update(id: String, _ change: (inout Resource) -> Bool) -> TelephonyChange {
    state.withLock { state in
      guard var resource = state.kept[id] else { return .missing }
      guard change(&resource) else { return .unchanged }
      guard !state.isTaken(resource) else { return .taken }
      state.put(resource)
      return .done
    }
  }

  package func remove(id: String) -> TelephonyChange { state.withLock { $0.remove(id) ? .done : .missing } }

  package func removeAll(about number: String) -> Int {
    state.withLock { state in
      state.kept.values.filter { $0.concerns(number) }.count { state.remove($0.id) }
    }
  }

  /// See `TelephonyResourceStore`.
  package func revision() -> Int { state.withLock { $0.revision } }

  /// How full the store is; its bytes are not counted.
  package var usage: StoreUsage {
    state.withLock { StoreUsage(entries: $0.kept.count, evicted: $0.evicted) }
  }
}
