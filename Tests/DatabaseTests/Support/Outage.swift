import CallCore
import CallDriver
import Glibc
import Stores
import Synchronization
import TestCluster
import Threads
import TestSupport

/// A history in a database that is about to have trouble. The cluster is these tests' own: others must not suffer with it.
final class Outage: Sendable {
  static let cluster = Result { try TestCluster() }

  let cluster: TestCluster
  let url: String
  let database: PostgresDatabase
  let store: PostgresCallStore
  private let notedNews: Locked<[DatabaseNews]>

  init(url: String? = nil, _ adjust: (inout PostgresSettings) -> Void = { _ in }) throws {
    cluster = try Self.cluster.get()
    self.url = try url ?? cluster.freshURL()
    var settings = PostgresSettings()
    settings.retryMin = .milliseconds(10)
    settings.retryMax = .milliseconds(100)
    settings.pulsePeriod = .milliseconds(100)
    adjust(&settings)
    let news = Locked<[DatabaseNews]>([])
    database = try PostgresDatabase(self.url, settings: settings) { item in news.withLock { $0.append(item) } }
    notedNews = news
    store = PostgresCallStore(database)
    try database.start()
  }

  deinit { database.stop() }

  /// What the log was told.
  var news: [String] { notedNews.withLock { $0.map(\.description) } }

  /// Keeps calls with these numbers as ids.
  /// - Returns: how many were refused.
  func append(_ numbers: Range<Int>, recordingBytes: Int? = nil) -> Int {
    numbers.count { number in
      do throws(StoreError) {
        try store.append(SampleCall.named("\(number)", recordingBytes: recordingBytes))
        return false
      } catch {
        return true
      }
    }
  }

  /// All ids, oldest first, once everything is written.
  func ids() throws -> [String] {
    var ids: [String] = []
    var cursor: String?
    repeat {
      let page = try store.calls(matching: CallFilter(), limit: 200, after: cursor)
      ids += page.calls.map(\.record.id)
      cursor = page.nextCursor
    } while cursor != nil
    return ids.reversed()
  }

  /// Waits until the database is well and can be asked, and everything is written. Right after a crash that nobody has noticed yet it is called well,
  /// and whoever asks first is told that the connection broke.
  func recover() throws {
    guard (eventually { database.health == .well && canBeAsked }) else { throw TooLate() }
    try database.settle()
  }

  private var canBeAsked: Bool {
    do {
      _ = try store.calls(matching: CallFilter(), limit: 1, after: nil)
      return true
    } catch {
      return false
    }
  }

  struct TooLate: Error {}
}

/// The fault that a database gives; `nil` when all is well.
func fault(of work: () throws -> Void) -> DatabaseFault? {
  do {
    try work()
    return nil
  } catch {
    return error as? DatabaseFault
  }
}
