import CallCore
import CallDriver
import Stores
import TestCluster

/// A history in an empty schema of a real database, whose usage is asked for only when everything is written: what `/metrics` may see a
/// moment late, the contract sees at once.
final class SettledCallStore: CallStore {
  private let database: PostgresDatabase
  private let store: PostgresCallStore

  init(entriesMax: Int, bytesMax: Int) throws {
    database = try .inFreshSchema { $0.calls = .init(entriesMax: entriesMax, bytesMax: bytesMax) }
    store = PostgresCallStore(database)
  }

  deinit { database.stop() }

  func append(_ call: StoredCall) throws(StoreError) { try store.append(call) }

  func calls(matching filter: CallFilter, limit: Int, after cursor: String?) throws(StoreError) -> CallPage {
    try store.calls(matching: filter, limit: limit, after: cursor)
  }

  func call(id: String) throws(StoreError) -> StoredCall? { try store.call(id: id) }
  func removeAll(about number: String) throws(StoreError) -> [String] { try store.removeAll(about: number) }

  var usage: StoreUsage { database.settled { store.usage } }
}

/// Runs in an empty schema of a real database; see `SettledCallStore`.
final class SettledTestRunStore: TestRunStore {
  private let database: PostgresDatabase
  private let store: PostgresTestRunStore

  init(entriesMax: Int, bytesMax: Int) throws {
    database = try .inFreshSchema { $0.runs = .init(entriesMax: entriesMax, bytesMax: bytesMax) }
    store = PostgresTestRunStore(database)
  }

  deinit { database.stop() }

  func save(_ run: TestRun) throws(StoreError) { try store.save(run) }
  func runs(limit: Int) throws(StoreError) -> [TestRun] { try store.runs(limit: limit) }
  func runIDs() throws(StoreError) -> [String] { try store.runIDs() }
  func run(id: String) throws(StoreError) -> TestRun? { try store.run(id: id) }
  var usage: StoreUsage { database.settled { store.usage } }
}

/// Test cases in an empty schema of a real database.
final class SettledTestCaseStore: TestCaseStore {
  private let database: PostgresDatabase
  private let store: PostgresTestCaseStore

  init(entriesMax: Int, bytesMax: Int) throws {
    database = try .inFreshSchema { $0.cases = .init(entriesMax: entriesMax, bytesMax: bytesMax) }
    store = PostgresTestCaseStore(database)
  }

  deinit { database.stop() }

  func cases() throws(StoreError) -> [TestCase] { try store.cases() }
  func testCase(id: String) throws(StoreError) -> TestCase? { try store.testCase(id: id) }
  func add(_ cases: [TestCase]) throws(StoreError) -> TestCaseChange { try store.add(cases) }
  func replace(_ testCase: TestCase) throws(StoreError) -> TestCaseChange { try store.replace(testCase) }
  func remove(id: String) throws(StoreError) -> TestCaseChange { try store.remove(id: id) }
  var usage: StoreUsage { store.usage }
}

/// Keys in an empty schema of a real database.
final class SettledKeyStore: KeyStore {
  private let database: PostgresDatabase
  private let store: PostgresKeyStore

  init(entriesMax: Int) throws {
    database = try .inFreshSchema { $0.keys.entriesMax = entriesMax }
    store = PostgresKeyStore(database)
  }

  deinit { database.stop() }

  func keys() throws(StoreError) -> [APIKey] { try store.keys() }
  func add(_ key: APIKey) throws(StoreError) -> KeyChange { try store.add(key) }
  func revoke(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    try store.revoke(id: id, atUnixMicroseconds: instant)
  }
  func recordUse(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange {
    try store.recordUse(id: id, atUnixMicroseconds: instant)
  }
  func tokenKeys(candidate: [UInt8], rotation: CallDuration) throws(StoreError) -> [TokenKey] {
    try store.tokenKeys(candidate: candidate, rotation: rotation)
  }
  var isLasting: Bool { store.isLasting }
  var usage: StoreUsage { store.usage }
}

/// Flows in an empty schema of a real database.
final class SettledFlowStore: FlowStore {
  private let database: PostgresDatabase
  private let store: PostgresFlowStore

  init(entriesMax: Int, versionsMax: Int, bytesMax: Int) throws {
    database = try .inFreshSchema {
      $0.flows = .init(entriesMax: entriesMax, bytesMax: bytesMax)
      $0.flowVersionsMax = versionsMax
    }
    store = PostgresFlowStore(database)
  }

  deinit { database.stop() }

  func flows() throws(StoreError) -> [FlowVersion] { try store.flows() }
  func versions(of name: String) throws(StoreError) -> [FlowVersion] { try store.versions(of: name) }
  func add(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange {
    try store.add(name, text: text, at: now)
  }
  func save(_ name: String, text: String, after version: Int, at now: Int64) throws(StoreError) -> FlowChange {
    try store.save(name, text: text, after: version, at: now)
  }
  func remove(_ name: String, at version: Int) throws(StoreError) -> FlowChange {
    try store.remove(name, at: version)
  }
  func importFile(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange {
    try store.importFile(name, text: text, at: now)
  }
  func revision() throws(StoreError) -> Int { try store.revision() }
  var usage: StoreUsage { store.usage }
}

/// Matched voices in an empty schema of a real database.
final class SettledMatchedVoiceStore: MatchedVoiceStore {
  private let database: PostgresDatabase
  private let store: PostgresMatchedVoiceStore

  init(countMax: Int) throws {
    database = try .inFreshSchema { $0.voices.entriesMax = countMax }
    store = PostgresMatchedVoiceStore(database)
  }

  deinit { database.stop() }

  func voices() throws(StoreError) -> [MatchedVoice] { try store.voices() }
  func add(_ voice: MatchedVoice) throws(StoreError) -> Bool { try store.add(voice) }
  func remove(id: Voice.ID) throws(StoreError) -> Bool { try store.remove(id: id) }
}

/// Usage in an empty schema of a real database.
final class SettledUsageStore: UsageStore {
  private let database: PostgresDatabase
  private let store: PostgresUsageStore

  init(entriesMax: Int) throws {
    database = try .inFreshSchema { $0.usage.entriesMax = entriesMax }
    store = PostgresUsageStore(database)
  }

  deinit { database.stop() }

  func save(_ entries: [UsageEntry], of node: String) throws(StoreError) { try store.save(entries, of: node) }
  func entries(of days: ClosedRange<Int>) throws(StoreError) -> [UsageEntry] { try store.entries(of: days) }
  func shares(limit: Int) throws(StoreError) -> [UsageShare] { try store.shares(limit: limit) }
  var usage: StoreUsage { database.settled { store.usage } }
}

extension PostgresDatabase {
  /// - Parameter adjust: changes the settings. The time-outs are no part of the contract, and the machine may be busy.
  static func inFreshSchema(_ adjust: (inout PostgresSettings) -> Void) throws -> PostgresDatabase {
    var settings = PostgresSettings()
    settings.connectTime = .seconds(30)
    settings.readTime = .seconds(30)
    settings.writeTime = .seconds(30)
    adjust(&settings)
    let database = try PostgresDatabase(try TestCluster.shared.get().freshURL(), settings: settings) { _ in }
    try database.start()
    return database
  }

  /// - Returns: what `value` gives when everything is written; nothing useful when that takes too long.
  fileprivate func settled(_ value: () -> StoreUsage) -> StoreUsage {
    do throws(StoreError) { try settle() } catch { return StoreUsage(lost: -1) }
    return value()
  }
}
