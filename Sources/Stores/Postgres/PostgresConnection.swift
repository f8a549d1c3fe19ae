import CPostgres
import CallCore
import Glibc
import Threads

/// One connection to a PostgreSQL server, in libpq's pipeline mode. Used by one thread at a time. Every wait has an end: nothing here
/// calls a function of libpq that blocks, but for the look-up of the host's name, which takes as long as the resolver allows itself.
final class PostgresConnection {
  private let handle: OpaquePointer
  private let address: PostgresAddress
  private var prepared: Set<String> = []

  /// What libpq has in store for a statement.
  private enum Awaited {
    case prepared(String)
    case rows
  }

  /// Connects.
  /// - Parameter statementTime: after which the server gives up a statement on its own, and a transaction that was left open; so
  ///   nothing of this program keeps others from their work when it is gone.
  init(_ address: PostgresAddress, statementTime: CallDuration, until deadline: Deadline) throws(DatabaseFault) {
    self.address = address
    let options = [
      ("dbname", address.url), ("fallback_application_name", "voiceforge"), ("client_encoding", "UTF8"),
    ]
    guard let handle = Self.start(options) else { throw DatabaseFault(.unreachable, "libpq has no memory left") }
    self.handle = handle
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    try connect(until: deadline)
    try limitStatements(to: statementTime, until: deadline)
  }

  deinit { PQfinish(handle) }

  /// Sets `statementTime` anew, and has the server notice within half a minute that this machine is gone: its limits of time do not run
  /// while it waits for the rest of a message.
  func limitStatements(to time: CallDuration, until deadline: Deadline) throws(DatabaseFault) {
    _ = try run(
      [
        PostgresStatement(
          once: """
            SELECT set_config('statement_timeout', $1, false), \
            set_config('idle_in_transaction_session_timeout', $1, false), set_config('tcp_keepalives_idle', '10', false), \
            set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)
            """, [.integer(Int64(time.milliseconds))])
      ], until: deadline)
  }

  /// Runs statements in one go: they travel together and the server answers them together. Without `BEGIN` among them they are one
  /// transaction of their own.
  /// - Returns: one for each statement.
  /// - Throws: the first fault; no statement behind it was run. After `.statement` the connection can be used, and a transaction
  ///   that was begun must be rolled back; after any other fault it cannot.
  func run(_ statements: [PostgresStatement], until deadline: Deadline) throws(DatabaseFault) -> [PostgresRows] {
    var awaited: [Awaited] = []
    var announced: Set<String> = []
    for statement in statements {
      if !statement.name.isEmpty, !prepared.contains(statement.name), announced.insert(statement.name).inserted {
        guard PQsendPrepare(handle, statement.name, statement.sql, 0, nil) == 1 else { throw lost() }
        awaited.append(.prepared(statement.name))
      }
      guard send(statement) else { throw lost() }
      awaited.append(.rows)
    }
    guard PQpipelineSync(handle) == 1 else { throw lost() }
    return try collect(awaited, until: deadline)
  }

  // MARK: connecting

  private static func start(_ options: [(String, String)]) -> OpaquePointer? {
    let names = options.map { strdup($0.0) }
    let values = options.map { strdup($0.1) }
    defer { (names + values).forEach { free($0) } }
    let keywords: [UnsafePointer<CChar>?] = names.map { UnsafePointer($0) } + [nil]
    let texts: [UnsafePointer<CChar>?] = values.map { UnsafePointer($0) } + [nil]
    return PQconnectStartParams(keywords, texts, 1)
  }

  private func connect(until deadline: Deadline) throws(DatabaseFault) {
    var step = PGRES_POLLING_WRITING
    while step != PGRES_POLLING_OK {
      guard PQstatus(handle) != CONNECTION_BAD, step != PGRES_POLLING_FAILED else { throw connectionFault() }
      try wait(for: step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until: deadline)
      step = PQconnectPoll(handle)
    }
    let encoding = PQparameterStatus(handle, "server_encoding").map { String(cString: $0) } ?? "an unknown one"
    guard encoding == "UTF8" else {
      throw DatabaseFault(.unfit, "\(address.name): the database has the encoding \(encoding); create one with UTF8")
    }
    guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else { throw lost() }
  }

  /// libpq has no SQLSTATE for what goes wrong here. That a password was asked for, or a sentence of the server, tells a login that
  /// was refused from a server that is away or still starting.
  private func connectionFault() -> DatabaseFault {
    let message = address.withoutSecrets(String(cString: PQerrorMessage(handle)))
    let isRefused =
      PQconnectionUsedPassword(handle) == 1 || PQconnectionNeedsPassword(handle) == 1
      || message.contains("does not exist") || message.contains("pg_hba.conf")
    let isLocal = message.contains("No such file or directory")
    return DatabaseFault(isRefused && !isLocal ? .refused : .unreachable, message)
  }

  // MARK: sending

  private func send(_ statement: PostgresStatement) -> Bool {
    var storage: [UInt8] = [0]
    var offsets: [Int?] = []
    var lengths: [Int32] = []
    for value in statement.values {
      let bytes = value.encoded
      offsets.append(bytes == nil ? nil : storage.count)
      lengths.append(Int32(bytes?.count ?? 0))
      if let bytes { storage += bytes }
    }
    let (count, formats) = (Int32(offsets.count), statement.values.map(\.format))
    let form: Int32 = statement.wantsBinary ? 1 : 0
    return storage.withUnsafeBytes { storage in
      let base = storage.baseAddress
      let values = offsets.map { offset in
        offset.flatMap { base?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
      }
      return statement.name.isEmpty
        ? PQsendQueryParams(handle, statement.sql, count, nil, values, lengths, formats, form) == 1
        : PQsendQueryPrepared(handle, statement.name, count, values, lengths, formats, form) == 1
    }
  }

  // MARK: receiving

  private func collect(_ awaited: [Awaited], until deadline: Deadline) throws(DatabaseFault) -> [PostgresRows] {
    var rows: [PostgresRows] = []
    var fault: DatabaseFault?
    for item in awaited {
      guard let result = try next(until: deadline) else { throw lost() }
      let status = PQresultStatus(result)
      switch (item, status) {
      case (.prepared(let name), PGRES_COMMAND_OK):
        prepared.insert(name)
        PQclear(result)
      case (.rows, PGRES_COMMAND_OK), (.rows, PGRES_TUPLES_OK): rows.append(PostgresRows(result))
      default:
        if status == PGRES_FATAL_ERROR { fault = fault ?? statementFault(result) }
        PQclear(result)
      }
      guard PQstatus(handle) != CONNECTION_BAD else { throw lost() }
      // Each statement ends with an empty result.
      while let more = try next(until: deadline) { PQclear(more) }
    }
    guard let end = try next(until: deadline) else { throw lost() }
    defer { PQclear(end) }
    if let fault { throw fault }
    guard PQresultStatus(end) == PGRES_PIPELINE_SYNC else { throw statementFault(end) }
    return rows
  }

  private func next(until deadline: Deadline) throws(DatabaseFault) -> OpaquePointer? {
    while PQisBusy(handle) == 1 {
      let isFlushed = PQflush(handle)
      guard isFlushed >= 0 else { throw lost() }
      try wait(for: isFlushed == 0 ? POLLIN : POLLIN | POLLOUT, until: deadline)
      guard PQconsumeInput(handle) == 1 else { throw lost() }
    }
    return PQgetResult(handle)
  }

  private func wait(for events: Int32, until deadline: Deadline) throws(DatabaseFault) {
    while true {
      guard !deadline.isOver else { throw DatabaseFault(.tooSlow, "\(address.name) did not answer in time") }
      var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
      if poll(&descriptor, 1, deadline.milliseconds) > 0 { return }
    }
  }

  private func lost() -> DatabaseFault {
    let message = address.withoutSecrets(String(cString: PQerrorMessage(handle)))
    return DatabaseFault(.lost, message.isEmpty ? "the connection to \(address.name) broke" : message)
  }

  /// The first line of the server's message only: its details quote values.
  private func statementFault(_ result: OpaquePointer) -> DatabaseFault {
    func field(_ code: Character) -> String {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) } ?? ""
    }
    let (state, message) = (field("C"), field("M"))
    guard !state.isEmpty else { return lost() }
    // Class 57P: the server goes down, or the administrator ended the connection.
    return DatabaseFault(state.hasPrefix("57P") ? .lost : .statement, sqlState: state, address.withoutSecrets(message))
  }
}
