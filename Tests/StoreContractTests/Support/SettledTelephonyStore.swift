import CallCore
import CallDriver
import Stores

/// What keys have for their telephone calls, of one kind, in an empty schema of a real database.
final class SettledTelephonyStore<Resource: TelephonyResource>: TelephonyResourceStore {
  private let database: PostgresDatabase
  private let store: PostgresTelephonyStore<Resource>

  init(
    _ adjust: (inout PostgresSettings) -> Void, _ make: (PostgresDatabase) -> PostgresTelephonyStore<Resource>
  ) throws {
    database = try .inFreshSchema(adjust)
    store = make(database)
  }

  deinit { database.stop() }

  func all(of owner: String?) throws(StoreError) -> [Resource] { try store.all(of: owner) }
  func newest(of owner: String, in group: String?, limit: Int, before id: String?) throws(StoreError) -> [Resource] {
    try store.newest(of: owner, in: group, limit: limit, before: id)
  }
  func one(id: String) throws(StoreError) -> Resource? { try store.one(id: id) }
  func add(_ resource: Resource) throws(StoreError) -> TelephonyChange { try store.add(resource) }
  func update(id: String, _ change: (inout Resource) -> Bool) throws(StoreError) -> TelephonyChange {
    try store.update(id: id, change)
  }
  func remove(id: String) throws(StoreError) -> TelephonyChange { try store.remove(id: id) }
  func removeAll(about number: String) throws(StoreError) -> Int { try store.removeAll(about: number) }
  func revision() throws(StoreError) -> Int { try store.revision() }
  var usage: StoreUsage { store.usage }
}

/// Campaigns in an empty schema of a real database.
final class SettledCampaignStore: CampaignStore {
  private let database: PostgresDatabase
  private let store: PostgresCampaignStore

  init(entriesMax: Int) throws {
    database = try .inFreshSchema {
      $0.campaigns = TelephonyLimits(entriesMax: entriesMax, perOwnerMax: entriesMax / 2)
    }
    store = PostgresCampaignStore(database)
  }

  deinit { database.stop() }

  var campaigns: any TelephonyResourceStore<Campaign> { store.campaigns }
  func add(_ campaign: Campaign, numbers: [String]) throws(StoreError) -> TelephonyChange {
    try store.add(campaign, numbers: numbers)
  }
  func numbers(of id: String) throws(StoreError) -> [CampaignNumber] { try store.numbers(of: id) }
  func counts(of owner: String?) throws(StoreError) -> [String: CampaignCounts] { try store.counts(of: owner) }
  func unfinished() throws(StoreError) -> [Campaign] { try store.unfinished() }
  func lease(_ id: String, to runner: String, for time: CallDuration) throws(StoreError) -> Bool {
    try store.lease(id, to: runner, for: time)
  }
  func claim(_ position: Int, of id: String, for callID: String, by runner: String) throws(StoreError) -> Bool {
    try store.claim(position, of: id, for: callID, by: runner)
  }
  func settle(
    _ position: Int, of id: String, from old: CampaignNumber.State, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Bool {
    try store.settle(position, of: id, from: old, as: state, reason: reason)
  }
  func settle(
    callID: String, of id: String, as state: CampaignNumber.State, reason: String?
  ) throws(StoreError) -> Int? {
    try store.settle(callID: callID, of: id, as: state, reason: reason)
  }
  func unclaim(callID: String, of id: String, reason: String) throws(StoreError) -> Bool {
    try store.unclaim(callID: callID, of: id, reason: reason)
  }
  func erase(_ number: String, reason: String) throws(StoreError) -> Int { try store.erase(number, reason: reason) }
}
