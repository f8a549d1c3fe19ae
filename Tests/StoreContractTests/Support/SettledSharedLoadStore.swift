import CallCore
import CallDriver
import Stores

/// A store of shared loads in an empty schema of a real database.
final class SettledSharedLoadStore: SharedLoadStore {
  private let database: PostgresDatabase
  private let store: PostgresSharedLoadStore

  init() throws {
    database = try .inFreshSchema { _ in }
    store = PostgresSharedLoadStore(database)
  }

  deinit { database.stop() }

  func submit(_ load: SharedLoad) throws(StoreError) -> Bool { try store.submit(load) }
  func progress(of id: String, after told: [Int]) throws(StoreError) -> SharedLoadProgress? {
    try store.progress(of: id, after: told)
  }
  func start(_ id: String, in lead: CallDuration) throws(StoreError) -> Int64? {
    try store.start(id, in: lead)
  }
  func stop(_ id: String) throws(StoreError) { try store.stop(id) }
  func remove(_ id: String) throws(StoreError) { try store.remove(id) }
  func join(as name: String, of program: String) throws(StoreError) -> SharedLoadPart? {
    try store.join(as: name, of: program)
  }
  func report(_ report: GeneratorReport, of part: SharedLoadPart) throws(StoreError) -> GeneratorInstruction? {
    try store.report(report, of: part)
  }
  func clock() throws(StoreError) -> Int64 { try store.clock() }
  func foreignPrograms(ofLoadsFor program: String) throws(StoreError) -> [String: String] {
    try store.foreignPrograms(ofLoadsFor: program)
  }
}
