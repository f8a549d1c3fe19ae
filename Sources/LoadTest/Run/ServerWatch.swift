import CallCore
import CallDriver
import Glibc
import Threads
import WebSockets

/// Reads what the server uses: of a process on this machine from `/proc`, of others from their `/metrics`.
public final class ServerWatch: Sendable {
  /// Where the figures come from.
  public enum Source: Sendable {
    /// A process of this machine.
    case process(Int32)
    /// The server's address over HTTP, without a slash at the end, and the key that it wants; it must have the scope `read`.
    case metrics(String, key: String? = nil)
  }

  /// Longest wait for an answer; a busy server's figures may come late, and then the next ones count.
  private static let answerMax = Duration.seconds(5)
  /// Largest page that is read.
  private static let pageBytesMax = 1 << 20

  private let source: Source
  private let client = HTTPClient()
  private let latest = Locked(LatestReading())

  /// - Parameter source: where to look.
  public init(_ source: Source) { self.source = source }

  deinit { client.stop() }

  /// Begins a reading. Does not wait for it.
  public func sample() {
    switch source {
    case .process(let id):
      if let reading = Self.reading(ofProcess: id) { latest.withLock { $0.take(reading) } }
    case .metrics(let address, let key):
      let request = HTTPClientRequest(
        url: address + "/metrics", headers: key.map { [("authorization", "Bearer \($0)")] } ?? [],
        timeout: Self.answerMax, responseBytesMax: Self.pageBytesMax)
      client.send(request) { [latest] result in
        guard case .success(let answer) = result, answer.status == 200 else { return }
        let reading = ServerReading(metrics: String(decoding: answer.body, as: UTF8.self), at: MonotonicClock.now())
        latest.withLock { $0.take(reading) }
      }
    }
  }

  /// The last reading that came; `nil` before the first, or where the server tells nothing.
  public var reading: ServerReading? { latest.withLock { $0.reading } }

  private static func reading(ofProcess id: Int32) -> ServerReading? {
    let descriptor = open("/proc/\(id)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return ServerReading(
      processStatus: String(decoding: bytes[..<count], as: UTF8.self), ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
      pageBytes: sysconf(Int32(_SC_PAGESIZE)), at: MonotonicClock.now())
  }
}

/// The last reading of a server. Where a second server answers at the same address, as behind a balancer, there is none from then on: what one
/// has used says nothing of the other.
package struct LatestReading: Sendable {
  package private(set) var reading: ServerReading?
  private var node: String?
  private var isBalanced = false

  package init() {}

  package mutating func take(_ newest: ServerReading) {
    isBalanced = isBalanced || (node != nil && newest.node != node)
    node = newest.node
    reading = isBalanced ? nil : newest
  }
}

/// Reads what several servers use together, such as the nodes behind a balancer, which would answer with the figures of one of them.
public struct ServerWatchList {
  private let watches: [ServerWatch]
  private var readings: [ServerReading?]

  /// - Parameter watches: of each server; of none nothing is known.
  public init(_ watches: [ServerWatch]) {
    self.watches = watches
    readings = watches.map { _ in nil }
  }

  /// Begins a reading of each, to compare the next one with. Does not wait.
  public mutating func begin() {
    readings = watches.map(\.reading)
    for watch in watches { watch.sample() }
  }

  /// Takes the readings that have come, and begins new ones. Does not wait.
  /// - Returns: cores that all servers used in the mean since their reading before, and bytes that they have resident; `nil` where one of them
  ///   does not tell.
  public mutating func next() -> (cores: Double?, bytes: Int?) {
    let before = readings
    begin()
    let used = zip(readings, before).map { $0?.cores(since: $1) }
    let resident = readings.map { $0?.residentBytes }
    guard !watches.isEmpty else { return (nil, nil) }
    return (
      used.contains(nil) ? nil : used.compactMap(\.self).reduce(0, +),
      resident.contains(nil) ? nil : resident.compactMap(\.self).reduce(0, +)
    )
  }
}

/// What a server has used, at a moment.
public struct ServerReading: Sendable, Equatable {
  /// When it was read, in microseconds of `MonotonicClock`.
  public var at: UInt64
  /// CPU time since its start, in seconds, all threads together; `nil` where it does not tell.
  public var cpuSeconds: Double?
  /// Resident bytes; `nil` where it does not tell.
  public var residentBytes: Int?
  /// The server's name; `nil` where it does not tell.
  public var node: String?

  /// Reads the text of a `/metrics` page: `process_cpu_seconds_total` and `process_resident_memory_bytes`, the names that Prometheus' own
  /// clients use.
  public init(metrics: String, at now: UInt64) {
    at = now
    for line in metrics.split(separator: "\n") where line.hasPrefix("voiceforge_node_info{") {
      node = String(line.split(separator: "}")[0])
    }
    for line in metrics.split(separator: "\n") where line.hasPrefix("process_") {
      let words = line.split(separator: " ")
      guard words.count >= 2, let value = Double(words[1]), value.isFinite, value >= 0, value < 1e15 else { continue }
      switch words[0] {
      case "process_cpu_seconds_total": cpuSeconds = value
      case "process_resident_memory_bytes": residentBytes = Int(nearest: value)
      default: break
      }
    }
  }

  /// Reads the text of `/proc/PID/stat` (proc(5)): fields 14, 15 and 24.
  /// - Parameters:
  ///   - ticksPerSecond: of its CPU times, `sysconf(_SC_CLK_TCK)`.
  ///   - pageBytes: bytes of a page of memory.
  public init(processStatus: String, ticksPerSecond: Int, pageBytes: Int, at now: UInt64) {
    at = now
    // The second field, the program's name, may hold anything, a closing parenthesis among it.
    guard let name = processStatus.lastIndex(of: ")") else { return }
    let fields = processStatus[name...].dropFirst().split(separator: " ")
    guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]), let pages = Int(fields[21])
    else { return }
    cpuSeconds = (user + system) / Double(ticksPerSecond)
    residentBytes = pages * pageBytes
  }

  /// Cores that were used in the mean since an earlier reading; `nil` where that is not known, or the server was started anew.
  public func cores(since earlier: ServerReading?) -> Double? {
    guard let earlier, let before = earlier.cpuSeconds, let now = cpuSeconds, at > earlier.at, now >= before else {
      return nil
    }
    return (now - before) * 1_000_000 / Double(at - earlier.at)
  }
}

/// CPU time of this process.
enum GeneratorClock {
  /// Seconds since the start, all threads together.
  static var cpuSeconds: Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
  }
}
