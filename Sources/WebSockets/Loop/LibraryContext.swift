import CLibwebsockets
import Glibc
import Threads

/// libwebsockets' own context and virtual host, with the memory both point into.
final class LibraryContext {
  private let configuration: ServiceLoopConfiguration
  private let protocols: UnsafeMutablePointer<lws_protocols>
  private let names: [UnsafeMutablePointer<CChar>?]
  private let policy: UnsafeMutablePointer<lws_retry_bo_t>
  private var opened: (context: OpaquePointer, vhost: OpaquePointer)?

  init(configuration: ServiceLoopConfiguration) {
    self.configuration = configuration
    // The first protocol is HTTP's, and that of WebSocket clients who name none; the last one, zeroed, ends the list.
    names = (["http"] + configuration.subprotocols).map { strdup($0) }
    protocols = .allocate(capacity: names.count + 1)
    protocols.initialize(repeating: lws_protocols(), count: names.count + 1)
    for (index, name) in names.enumerated() {
      protocols[index].name = UnsafePointer(name)
      protocols[index].callback = libraryCallback
      protocols[index].rx_buffer_size = 2_048  // a whole packet in one piece; also what an idle connection keeps
      protocols[index].tx_packet_size = 1 << 16
    }
    policy = .allocate(capacity: 1)
    policy.initialize(to: lws_retry_bo_t())
    policy.pointee.secs_since_valid_ping = UInt16(clamping: configuration.pingAfter.components.seconds)
    policy.pointee.secs_since_valid_hangup = UInt16(clamping: configuration.hangUpAfter.components.seconds)
  }

  deinit {
    close()
    for name in names { free(name) }
    protocols.deallocate()
    policy.deallocate()
  }

  var context: OpaquePointer { live.context }
  var vhost: OpaquePointer { live.vhost }

  private var live: (context: OpaquePointer, vhost: OpaquePointer) {
    guard let opened else { preconditionFailure("libwebsockets is used before open or after close") }
    return opened
  }

  func open(user: UnsafeMutableRawPointer) throws(WebSocketError) {
    LibraryLog.prepareOnce()
    var info = lws_context_creation_info()
    info.port = vf_lws_port_no_listen()
    info.protocols = UnsafePointer(protocols)
    info.options = vf_lws_options(configuration.checksTextByPiece ? 1 : 0, configuration.offersTLSClients ? 1 : 0)
    info.user = user
    info.retry_and_idle_policy = UnsafePointer(policy)
    let seconds = UInt32(clamping: max(1, configuration.requestTimeMax.components.seconds))
    info.timeout_secs = seconds
    info.max_http_header_data2 = 8_192  // handshakes come in a short form of our own
    info.timeout_secs_ah_idle = seconds
    info.keepalive_timeout = Int32(clamping: max(1, configuration.keepAliveTime.components.seconds))
    guard let context = lws_create_context(&info) else { throw .contextUnavailable }
    guard let vhost = lws_get_vhost_by_name(context, "default") else {
      lws_context_destroy(context)
      throw .contextUnavailable
    }
    opened = (context, vhost)
  }

  /// Closes every descriptor; their owners hear of it.
  func close() {
    guard let opened else { return }
    lws_context_destroy(opened.context)
    self.opened = nil
  }
}

/// Where libwebsockets' own log lines go. Nowhere, unless asked: one level and one receiver for the process.
public enum LibraryLog {
  /// How much is forwarded.
  public enum Level: Sendable {
    /// Nothing; the default.
    case silent
    /// Errors and warnings.
    case problems
    /// Also notices and the life of each connection; much.
    case everything

    fileprivate var mask: Int32 {
      switch self {
      case .silent: 0
      case .problems: Int32(LLL_ERR) | Int32(LLL_WARN)
      case .everything: Int32(LLL_ERR) | Int32(LLL_WARN) | Int32(LLL_NOTICE) | Int32(LLL_INFO)
      }
    }
  }

  /// Forwards lines of `level` to `receiver`, which is called on the loops' threads and must not block.
  public static func forward(_ level: Level, to receiver: @escaping @Sendable (String) -> Void) {
    prepareOnce()
    current.withLock { $0 = receiver }
    lws_set_log_level(level.mask, emit)
  }

  private static let current = Locked<(@Sendable (String) -> Void)?>(nil)

  /// Silences libwebsockets and `SIGPIPE`: a peer that hangs up while we write must not end the process.
  static func prepareOnce() { _ = prepared }

  private static let prepared: Bool = {
    lws_set_log_level(0, emit)
    signal(SIGPIPE, SIG_IGN)
    return true
  }()

  fileprivate static func receive(_ line: String) {
    current.withLock { $0 }?(line)
  }
}

private func emit(level: Int32, line: UnsafePointer<CChar>?) {
  guard let line else { return }
  LibraryLog.receive(String(cString: line))
}
