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
  private let underWay = SharedNumber()
  private let loops = Locked(Loops())

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
    guard underWay.add() <= requestCountMax else {
      underWay.add(-1)
      completion(.failure(.busy(limit: requestCountMax)))
      return HTTPClientTicket()
    }
    let promise = HTTPCompletion(
      onDone: { [underWay] in underWay.add(-1) }, completion: completion)
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

/// A request under way, for whoever may want to give it up.
public struct HTTPClientTicket: Sendable {
  private let giveUp: @Sendable () -> Void

  /// - Parameter giveUp: does it; nothing for a request that is over already.
  init(giveUp: @escaping @Sendable () -> Void = {}) { self.giveUp = giveUp }

  /// Ends the request with `HTTPClientError.cancelled`, on the caller's thread before this returns, and closes its connection. Does
  /// nothing when the request is over. Any thread.
  public func cancel() { giveUp() }
}

/// The promise to call a completion once, whatever becomes of the request: dropped unused, it says `stopped`.
final class HTTPCompletion: Sendable {
  typealias Outcome = Result<HTTPClientResponse, HTTPClientError>

  private let isDone = Atomic<Bool>(false)
  private let completion: @Sendable (Outcome) -> Void
  private let onDone: @Sendable () -> Void

  init(onDone: @escaping @Sendable () -> Void, completion: @escaping @Sendable (Outcome) -> Void) {
    self.onDone = onDone
    self.completion = completion
  }

  deinit { finish(.failure(.stopped)) }

  /// Whether it was called.
  var isFinished: Bool { isDone.load(ordering: .relaxed) }

  func finish(_ outcome: Outcome) {
    guard !isDone.exchange(true, ordering: .relaxed) else { return }
    onDone()
    completion(outcome)
  }
}
