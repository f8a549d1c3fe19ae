import CallDriver
import Glibc
import WebSockets
import Threads

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
  private let latest = Locked<ServerReading?>(nil)

  /// - Parameter source: where to look.
  public init(_ source: Source) { self.source = source }

  deinit { client.stop() }

  /// Begins a reading. Does not wait for it.
  public func look() {
    switch source {
    case .process(let id):
      if let reading = Self.reading(ofProcess: id) { latest.withLock { $0 = reading } }
    case .metrics(let address, let key):
      let request = HTTPClientRequest(
        url: address + "/metrics", headers: key.map { [("authorization", "Bearer \($0)")] } ?? [],
        timeout: Self.answerMax, responseBytesMax: Self.pageBytesMax)
      client.send(request) { [latest] result in
        guard case .success(let answer) = result, answer.status == 200 else { return }
        let reading = ServerReading(metrics: String(decoding: answer.body, as: UTF8.self), at: MonotonicClock.now())
        latest.withLock { $0 = reading }
      }
    }
  }

  /// The last reading that came; `nil` before the first, or where the server tells nothing.
  public var reading: ServerReading? { latest.withLock { $0 } }

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
