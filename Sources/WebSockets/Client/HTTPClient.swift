import Synchronization
import Threads

/// Asks other servers, over `http:` and `https:`. Any thread may use it.
///
/// It has a loop of its own for each of the two, started with the first request: TLS costs 47 ms and 4 MB to set up,
/// which a server that never needs it does not pay. Every request has its own connection. The names of requests with
/// `permits` are looked up beside the loop; those of others block it, so a slow name server delays the other requests, though never a
/// call.
public final class HTTPClient: Sendable {
  private let requestCountMax: Int
  private let underWay = Counter()
  private let loops = Locked(Loops())

  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  private struct Loops {
    var plain: ServiceLoop?
    var secure: ServiceLoop?
    var isStopped = false
  }

  private let lookup: AddressLookup

  /// - Parameter requestCountMax: requests under way at once; the next one fails with `busy`.
  public convenience init(requestCountMax: Int = 256) { self.init(requestCountMax: requestCountMax, lookup: .shared) }

  /// - Parameter lookup: of the names of requests with `permits`.
  package init(requestCountMax: Int = 256, lookup: AddressLookup) {
    self.requestCountMax = requestCountMax
    self.lookup = lookup
  }

  deinit { stop() }

  /// Whether `url` is one that can be asked: `http:` or `https:`, with a host and without credentials.
  public static func canAsk(_ url: String) -> Bool { ServerURL(url).map { !$0.isWebSocket } ?? false }

  /// Sends `request`. `completion` is called exactly once, on the client's thread or, when nothing could be sent, on
  /// the caller's before this returns.
  ///
  /// - Returns: with what the request can be given up.
  @discardableResult
  public func send(
    _ request: HTTPClientRequest,
    completion: @escaping @Sendable (Result<HTTPClientResponse, HTTPClientError>) -> Void
  ) -> HTTPClientTicket {
    guard let url = ServerURL(request.url), !url.isWebSocket, HTTPClientSocket.methods.contains(request.method) else {
      completion(.failure(.invalidURL(request.url)))
      return HTTPClientTicket()
    }
    guard underWay.value.add(1, ordering: .relaxed).newValue <= requestCountMax else {
      underWay.value.subtract(1, ordering: .relaxed)
      completion(.failure(.busy(limit: requestCountMax)))
      return HTTPClientTicket()
    }
    let promise = HTTPCompletion(
      onDone: { [underWay] in underWay.value.subtract(1, ordering: .relaxed) }, completion: completion)
    guard let loop = loop(isSecure: url.isSecure) else {
      promise.finish(.failure(.stopped))
      return HTTPClientTicket()
    }
    let id = LoopContext.makeID()
    let isPosted = loop.post { [lookup] in
      HTTPClientSocket.send(request, to: url, lookup: lookup, id: id, promise: promise, on: $0)
    }
    if !isPosted { promise.finish(.failure(.stopped)) }
    return HTTPClientTicket { [weak loop, weak promise] in
      promise?.finish(.failure(.cancelled))
      _ = loop?.post { ($0.sockets[id] as? HTTPClientSocket)?.cancel() }
    }
  }

  /// Sends `request` and waits without blocking a thread.
  public func send(_ request: HTTPClientRequest) async -> Result<HTTPClientResponse, HTTPClientError> {
    await withCheckedContinuation { continuation in
      send(request) { continuation.resume(returning: $0) }
    }
  }

  /// Ends every request under way with an error and joins the threads. Further requests fail with `stopped`.
  public func stop() {
    let running = loops.withLock { loops in
      loops.isStopped = true
      defer { (loops.plain, loops.secure) = (nil, nil) }
      return [loops.plain, loops.secure]
    }
    for loop in running { loop?.stop() }
  }

  private func loop(isSecure: Bool) -> ServiceLoop? {
    loops.withLock { loops in
      if loops.isStopped { return nil }
      if let loop = isSecure ? loops.secure : loops.plain { return loop }
      let loop = Self.makeLoop(isSecure: isSecure)
      if isSecure { loops.secure = loop } else { loops.plain = loop }
      return loop
    }
  }

  /// The loop takes work at once, though it may still be setting up TLS.
  private static func makeLoop(isSecure: Bool) -> ServiceLoop? {
    var configuration = ServiceLoopConfiguration()
    configuration.name = isSecure ? "https client" : "http client"
    configuration.offersTLSClients = isSecure
    configuration.checksMasking = false
    let loop = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
    do { try loop.startWithoutWaiting() } catch { return nil }
    return loop
  }
}
