package import CallCore
package import CallDriver
import OrderedCollections
import Threads

/// Accounts at telephone providers, or numbers, in memory. They are gone when the process ends.
package final class MemoryTelephonyStore<Resource: TelephonyResource>: TelephonyResourceStore {
  private let limits: TelephonyLimits
  private let kept = Locked<OrderedDictionary<String, Resource>>([:])

  package init(limits: TelephonyLimits) { self.limits = limits }

  package func all(of owner: String?) -> [Resource] {
    kept.withLock { kept in kept.values.filter { owner == nil || $0.owner == owner } }
  }

  package func one(id: String) -> Resource? { kept.withLock { $0[id] } }

  package func one(unique text: String) -> Resource? { kept.withLock { $0.values.first { $0.uniqueText == text } } }

  package func add(_ resource: Resource) -> TelephonyChange {
    kept.withLock { kept in
      let text = resource.uniqueText
      guard kept[resource.id] == nil, text == nil || !kept.values.contains(where: { $0.uniqueText == text }) else {
        return .taken
      }
      guard kept.count < limits.entriesMax,
        kept.values.count(where: { $0.owner == resource.owner }) < limits.perOwnerMax
      else { return .full }
      kept[resource.id] = resource
      return .done
    }
  }

  package func update(id: String, _ change: (inout Resource) -> Bool) -> TelephonyChange {
    kept.withLock { kept in
      guard var resource = kept[id] else { return .missing }
      guard change(&resource) else { return .unchanged }
      kept[id] = resource
      return .done
    }
  }

  package func remove(id: String) -> TelephonyChange {
    kept.withLock { $0.removeValue(forKey: id) == nil ? .missing : .done }
  }

  /// How full the store is; its bytes are not counted.
  package var usage: StoreUsage { kept.withLock { StoreUsage(entries: $0.count) } }
}
