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

  func keep(_ run: TestRun) throws(StoreError) { try store.keep(run) }
  func runs(limit: Int) throws(StoreError) -> [TestRun] { try store.runs(limit: limit) }
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

extension PostgresDatabase {
  /// - Parameter adjust: changes the settings. The time-outs are no part of the contract, and the machine may be busy.
  fileprivate static func inFreshSchema(_ adjust: (inout PostgresSettings) -> Void) throws -> PostgresDatabase {
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
