import CLibwebsockets
import Glibc
import Threads

/// What a `SocketPoller` calls when something happens on one of its descriptors.
protocol PolledSocket: AnyObject {
  /// - Parameters:
  ///   - token: tells the descriptors of one socket apart.
  ///   - events: of epoll.
  func ready(_ token: UInt64, events: UInt32)
  /// Called every `SocketPoller.sweepMilliseconds`: deadlines are looked at here.
  func sweep(at now: UInt64)
  /// The loop stops: ends now, or when the answer is out that is being written.
  func loopStops()
}

/// Watches the sockets of a loop that libwebsockets does not know: HTTP connections until one becomes a WebSocket, and the outer
/// ends of WebSockets under TLS. One epoll descriptor stands for all of them in libwebsockets' own poll.
///
/// Requests are read here and not by libwebsockets 4.1, whose HTTP reader loops for ever on some pipelined requests and takes no
/// chunked bodies.
final class SocketPoller: DescriptorOwner {
  /// How often deadlines are looked at while there are sockets.
  static let sweepMilliseconds = 50

  private let epoll: Int32
  private let timer: Int32
  private var sockets: [UInt64: any PolledSocket] = [:]
  private static let timerToken: UInt64 = 0

  init?(polledIn loop: LoopContext) {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    timer = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK) | Int32(TFD_CLOEXEC))
    guard epoll >= 0, timer >= 0,
      vf_epoll_add(epoll, timer, UInt32(EPOLLIN.rawValue), Self.timerToken) == 0
    else {
      if epoll >= 0 { close(epoll) }
      if timer >= 0 { close(timer) }
      return nil
    }
    super.init(loop: loop)
    if !adopt(epoll) { return nil }
  }

  deinit { close(timer) }

  var isEmpty: Bool { sockets.isEmpty }

  /// The socket with this token.
  func socket(_ token: UInt64) -> (any PolledSocket)? { sockets[token] }

  /// - Returns: false when the kernel watches no more.
  func add(_ descriptor: Int32, events: UInt32, token: UInt64, socket: any PolledSocket) -> Bool {
    guard vf_epoll_add(epoll, descriptor, events, token) == 0 else { return false }
    if sockets.isEmpty { setTimer(milliseconds: Self.sweepMilliseconds) }
    sockets[token] = socket
    return true
  }

  func change(_ descriptor: Int32, events: UInt32, token: UInt64) {
    _ = vf_epoll_change(epoll, descriptor, events, token)
  }

  func remove(_ descriptor: Int32, token: UInt64) {
    guard sockets.removeValue(forKey: token) != nil else { return }
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
    if sockets.isEmpty { setTimer(milliseconds: 0) }
  }

  func loopStops() {
    for socket in Array(sockets.values) { socket.loopStops() }
  }

  override func handle(_ reason: lws_callback_reasons, _ input: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
    guard reason == LWS_CALLBACK_RAW_RX_FILE else { return 0 }
    forEachReady(in: epoll) { token, events in
      if token == Self.timerToken { sweep() } else { sockets[token]?.ready(token, events: events) }
    }
    return 0
  }

  private func sweep() {
    var expirations: UInt64 = 0
    guard read(timer, &expirations, MemoryLayout<UInt64>.size) > 0 else { return }
    let now = MonotonicClock.now()
    for socket in Array(sockets.values) { socket.sweep(at: now) }
  }

  private func setTimer(milliseconds: Int) {
    var setting = itimerspec()
    setting.it_value = timespec(tv_sec: 0, tv_nsec: milliseconds * 1_000_000)
    setting.it_interval = setting.it_value
    timerfd_settime(timer, 0, &setting, nil)
  }
}
