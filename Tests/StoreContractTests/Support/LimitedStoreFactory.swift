import CallCore
import CallDriver
import Stores
import TestCluster
import Testing

/// A kind of store, bounded by its entries alone, that its contract holds for. A new kind is one more line in `kinds`.
struct LimitedStoreFactory<Store>: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let make: @Sendable (Int) throws -> Store

  /// An empty store.
  func store(entriesMax: Int = 1000) throws -> Store { try make(entriesMax) }

  fileprivate static func kinds(
    memory: @escaping @Sendable (Int) -> Store, postgres: @escaping @Sendable (Int) throws -> Store
  ) -> [Self] {
    let inMemory = Self(testDescription: "memory", make: memory)
    return TestCluster.isWanted ? [inMemory, Self(testDescription: "postgres", make: postgres)] : [inMemory]
  }
}

typealias KeyStoreFactory = LimitedStoreFactory<any KeyStore>
typealias MatchedVoiceStoreFactory = LimitedStoreFactory<any MatchedVoiceStore>
typealias UsageStoreFactory = LimitedStoreFactory<any UsageStore>
typealias ProviderStoreFactory = LimitedStoreFactory<any TelephonyResourceStore<TelephonyProvider>>
typealias NumberStoreFactory = LimitedStoreFactory<any TelephonyResourceStore<TelephonyNumber>>
typealias NodeFlowStoreFactory = LimitedStoreFactory<any TelephonyResourceStore<NodeFlow>>
typealias PhoneCallStoreFactory = LimitedStoreFactory<any TelephonyResourceStore<PhoneCallRecord>>
typealias CampaignStoreFactory = LimitedStoreFactory<any CampaignStore>

extension LimitedStoreFactory<any KeyStore> {
  static var all: [Self] {
    kinds {
      MemoryKeyStore(entriesMax: $0)
    } postgres: {
      try SettledKeyStore(entriesMax: $0)
    }
  }
}

extension LimitedStoreFactory<any MatchedVoiceStore> {
  static var all: [Self] {
    kinds {
      MemoryMatchedVoiceStore(countMax: $0)
    } postgres: {
      try SettledMatchedVoiceStore(countMax: $0)
    }
  }
}

extension LimitedStoreFactory<any UsageStore> {
  static var all: [Self] {
    kinds {
      MemoryUsageStore(entriesMax: $0)
    } postgres: {
      try SettledUsageStore(entriesMax: $0)
    }
  }
}

extension LimitedStoreFactory<any TelephonyResourceStore<TelephonyProvider>> {
  /// Of which each key may have half.
  static var all: [Self] {
    kinds {
      MemoryTelephonyStore(limits: TelephonyLimits(entriesMax: $0, perOwnerMax: $0 / 2))
    } postgres: { max in
      try SettledTelephonyStore {
        $0.providers = TelephonyLimits(entriesMax: max, perOwnerMax: max / 2)
      } _: {
        PostgresTelephonyStore<TelephonyProvider>($0)
      }
    }
  }
}

extension LimitedStoreFactory<any TelephonyResourceStore<TelephonyNumber>> {
  static var all: [Self] {
    kinds {
      MemoryTelephonyStore(limits: TelephonyLimits(entriesMax: $0))
    } postgres: { max in
      try SettledTelephonyStore {
        $0.numbers = TelephonyLimits(entriesMax: max)
      } _: {
        PostgresTelephonyStore<TelephonyNumber>($0)
      }
    }
  }
}

extension LimitedStoreFactory<any TelephonyResourceStore<NodeFlow>> {
  static var all: [Self] {
    kinds {
      MemoryTelephonyStore(limits: TelephonyLimits(entriesMax: $0))
    } postgres: { max in
      try SettledTelephonyStore {
        $0.nodeFlows = TelephonyLimits(entriesMax: max)
      } _: {
        PostgresTelephonyStore<NodeFlow>($0)
      }
    }
  }
}

extension LimitedStoreFactory<any TelephonyResourceStore<PhoneCallRecord>> {
  /// The oldest go.
  static var all: [Self] {
    kinds {
      MemoryTelephonyStore(limits: TelephonyLimits(entriesMax: $0, overflow: .evictOldest))
    } postgres: { max in
      try SettledTelephonyStore {
        $0.phonecalls.entriesMax = max
      } _: {
        PostgresTelephonyStore<PhoneCallRecord>($0)
      }
    }
  }
}

extension LimitedStoreFactory<any CampaignStore> {
  /// Of which each key may have half.
  static var all: [Self] {
    kinds {
      MemoryCampaignStore(limits: TelephonyLimits(entriesMax: $0, perOwnerMax: $0 / 2))
    } postgres: {
      try SettledCampaignStore(entriesMax: $0)
    }
  }
}
