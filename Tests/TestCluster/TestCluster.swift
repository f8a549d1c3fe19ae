import CPostgres
import Foundation
import Synchronization
import TestSupport

/// A PostgreSQL server of the tests' own, in a temporary folder, for as long as the process lives. Nothing is flushed to the disk: it is
/// there to answer, not to last.
public final class TestCluster: @unchecked Sendable {
  // Unchecked: started, stopped and disturbed by one test at a time; schemas are counted atomically.

  /// Why there is none.
  public struct Unavailable: Error, CustomStringConvertible {
    /// In one sentence.
    public let description: String
  }

  /// For tests that leave it alone.
  public static let shared = Result { try TestCluster() }

  /// Of the user `voiceforge` over TCP. The socket trusts everybody.
  public static let password = "s3cret/p@ss:word"

  /// Whether tests that need it are run: where it cannot be had they are skipped, but for continuous integration, where they fail.
  public static var isWanted: Bool { ProcessInfo.processInfo.environment["CI"] != nil || whyNot == nil }
  /// For those who wonder why tests are skipped.
  public static let reason = "PostgreSQL is needed (make setup-test installs it): \(whyNot ?? "")"

  /// Of 127.0.0.1.
  public let port: Int
  private let folder: String
  private let programs: String
  private var process: Process?
  private var leash: Pipe?
  private let schemas = Atomic(0)

  /// Makes the cluster and starts it.
  public init() throws {
    if let whyNot = Self.whyNot { throw Unavailable(description: whyNot) }
    if let reason = postgres_open() { throw Unavailable(description: "libpq: \(String(cString: reason))") }
    guard let programs = Self.programFolder else { throw Unavailable(description: "it went away") }
    self.programs = programs
    folder = FileManager.default.temporaryDirectory.appending(path: "vf-pg-\(UUID().uuidString.prefix(8))").path()
    port = Int(sockaddr_in.freePort())
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.password.write(toFile: "\(folder)/password", atomically: true, encoding: .utf8)
    let make = """
      \(Self.isRoot ? "chown -R postgres \(folder) &&" : "") \(Self.asUser) \(programs)/initdb --pgdata=\(folder)/data --no-sync \
      --username=voiceforge --pwfile=\(folder)/password --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 \
      --locale=C > \(folder)/initdb.log 2>&1
      """
    guard try Self.shell(make) == 0 else {
      throw Unavailable(
        description: "initdb failed: \(try String(contentsOfFile: "\(folder)/initdb.log", encoding: .utf8))")
    }
    try start()
  }

  /// Over the socket, without a password.
  /// - Parameter schema: where tables are made and looked for.
  public func url(schema: String = "public") -> String {
    "postgresql://voiceforge@/postgres?host=\(folder)&port=\(port)&options=-csearch_path%3D\(schema)"
  }

  /// Over TCP.
  /// - Parameter password: percent-encoded.
  public func url(password: String, database: String = "postgres") -> String {
    "postgres://voiceforge:\(password)@127.0.0.1:\(port)/\(database)"
  }

  /// The address of a schema that is new and empty.
  public func freshURL() throws -> String {
    let name = "test\(schemas.add(1, ordering: .relaxed).newValue)"
    try run("CREATE SCHEMA \(name)", at: url())
    return url(schema: name)
  }

  /// Runs a statement on a connection of its own.
  @discardableResult
  public func run(_ sql: String, at url: String) throws -> [[String?]] {
    let connection = PQconnectdb(url)
    defer { PQfinish(connection) }
    let result = PQexec(connection, sql)
    defer { PQclear(result) }
    let status = PQresultStatus(result)
    guard status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK else {
      throw Unavailable(description: "\(sql): \(String(cString: PQerrorMessage(connection)))")
    }
    return (0..<PQntuples(result)).map { row in
      (0..<PQnfields(result)).map { column in
        PQgetisnull(result, row, column) == 1 ? nil : PQgetvalue(result, row, column).map { String(cString: $0) }
      }
    }
  }

  // MARK: disturbances

  /// Starts the server and waits until it answers.
  public func start() throws {
    let process = Process()
    let leash = Pipe()
    // The server goes when this process does, however that ends: the shell then reads the end of its input.
    let line = """
      \(Self.asUser) \(programs)/postgres -D \(folder)/data -k \(folder) -p \(port) -c listen_addresses=127.0.0.1 -c fsync=off \
      -c full_page_writes=off -c shared_buffers=16MB -c autovacuum=off >> \(folder)/log 2>&1 < /dev/null &
      cat > /dev/null; kill -INT $! 2> /dev/null; wait; \
      [ -e \(folder)/keep ] || rm -rf \(folder)
      """
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.standardInput = leash
    try "".write(toFile: "\(folder)/keep", atomically: true, encoding: .utf8)
    try process.run()
    (self.process, self.leash) = (process, leash)
    let deadline = Date.now + 120
    while Date.now < deadline {
      if PQping(url()) == PQPING_OK {
        try FileManager.default.removeItem(atPath: "\(folder)/keep")
        return
      }
      usleep(5_000)
    }
    throw Unavailable(
      description: "the server did not start: \(try String(contentsOfFile: "\(folder)/log", encoding: .utf8))")
  }

  /// Stops the server as an administrator would who is in a hurry: connections are ended, what was committed is kept.
  public func stop() throws { try end(SIGINT) }

  /// Ends every process of the server at once, as a power cut would.
  public func crash() throws { try end(SIGKILL) }

  /// Lets every process of the server stand still: it takes connections and says nothing.
  public func freeze() { processes.forEach { kill($0, SIGSTOP) } }

  /// Lets it go on.
  public func thaw() { processes.forEach { kill($0, SIGCONT) } }

  private func end(_ signal: Int32) throws {
    try "".write(toFile: "\(folder)/keep", atomically: true, encoding: .utf8)
    let all = processes
    if signal == SIGKILL { all.forEach { kill($0, signal) } } else { all.prefix(1).forEach { kill($0, signal) } }
    let deadline = Date.now + 120
    while all.contains(where: { kill($0, 0) == 0 && !Self.isZombie($0) }), Date.now < deadline { usleep(2_000) }
    try leash?.fileHandleForWriting.close()
    process?.waitUntilExit()
    (process, leash) = (nil, nil)
  }

  /// The server's own process and then its children.
  private var processes: [pid_t] {
    guard let text = try? String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8),
      let first = text.split(separator: "\n").first, let parent = pid_t(first)
    else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return [parent] + names.compactMap { pid_t($0) }.filter { Self.stat($0)?.parent == parent }
  }

  private static func isZombie(_ id: pid_t) -> Bool { stat(id)?.state == "Z" }

  /// proc(5): the state and the parent's id stand behind the name in brackets.
  private static func stat(_ id: pid_t) -> (state: Substring, parent: pid_t)? {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return nil }
    let words = text.split(separator: ")").last?.split(separator: " ") ?? []
    return words.count > 1 ? (words[0], pid_t(words[1]) ?? 0) : nil
  }

  // MARK: what is installed

  private static let isRoot = getuid() == 0
  /// initdb and postgres refuse to run as root; Debian's package makes a user for them.
  private static var asUser: String {
    isRoot ? "exec setpriv --reuid=postgres --regid=postgres --clear-groups" : "exec"
  }

  private static let whyNot: String? = {
    if programFolder == nil { return "no initdb is in /usr/lib/postgresql/*/bin" }
    return isRoot && getpwnam("postgres") == nil ? "root may not run it, and there is no user postgres" : nil
  }()

  private static let programFolder: String? = {
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    return versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "/usr/lib/postgresql/\($0)/bin" }
      .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
  }()

  private static func shell(_ line: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
