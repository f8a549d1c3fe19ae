import ArgumentParser
import CallCore
import CallDriver
import Glibc
import Stores

/// The database in which machines meet.
struct QueueDatabaseOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Address of the database in which machines meet (default: DATABASE_URL). Everybody on this machine can see a password that stands here.",
      valueName: "url"))
  var database: String?

  /// Connects, and brings its tables up to date.
  /// - Throws: when there is none, or only a person can mend it. One that is away is waited for by whoever asks it.
  /// - Parameter readTime: how long a question may take.
  func open(
    _ settings: Settings, readTime: CallDuration = RunQueue.resultReadTime
  ) throws(CommandFault) -> RunQueue {
    guard let url = database ?? settings["DATABASE_URL"] else {
      throw CommandFault(
        "machines meet in a database: name one with --database or DATABASE_URL, such as postgres://user:password@host:port/database"
      )
    }
    return try RunQueue(url, readTime: readTime)
  }
}

/// The queue of a database, for as long as a command needs it.
struct RunQueue {
  let chunks: any ChunkQueue
  let loads: any SharedLoadStore
  private let database: PostgresDatabase

  /// For one result with the sounds of its calls.
  static let resultReadTime = CallDuration.seconds(30)
  /// For what generators of a load tell, which is small and soon old.
  static let reportReadTime = CallDuration.seconds(5)

  /// A hundred years, which is never: what a server keeps, and for how long, is for its own settings, which a worker does not know.
  private static let prunePeriod = CallDuration.seconds(100 * 365 * 86_400)

  fileprivate init(_ url: String, readTime: CallDuration) throws(CommandFault) {
    var settings = PostgresSettings()
    settings.readTime = readTime
    settings.prunePeriod = Self.prunePeriod
    do throws(DatabaseFault) {
      database = try PostgresDatabase(url, settings: settings) { _ in }
      try database.start()
    } catch {
      throw CommandFault(database: error)
    }
    chunks = PostgresChunkQueue(database)
    loads = PostgresSharedLoadStore(database)
  }

  func close() { database.stop() }

  /// Unique among all processes of all machines: the machine, the process, and luck.
  static func name() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    gethostname(&bytes, bytes.count - 1)
    let host = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return "\(host)/\(getpid())/\(String(UInt32.random(in: .min ... .max), radix: 36))"
  }
}

extension CommandFault {
  /// What the queue could not do.
  init(queue error: StoreError) {
    self.init("the queue does not answer: \(error.why); is the database running?", .unreachable)
  }
}

extension StoreError {
  /// One sentence without an end.
  var why: String {
    switch self {
    case .unavailable(let why): why
    case .badCursor(let cursor): "the cursor \(cursor) is none"
    }
  }
}
