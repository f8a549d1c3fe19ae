/// Where an `Acceptor` listens, what it hands where, and its limits.
public struct AcceptorConfiguration: Sendable {
  /// IPv4 or IPv6 address in digits. Loopback by default: nothing is reachable from outside unless asked.
  public var address = "127.0.0.1"
  /// 0 takes any free port; read `Acceptor.port` afterwards.
  public var port: UInt16 = 0
  /// Connections the kernel holds while the acceptor is busy.
  public var backlog: Int32 = 1_024
  /// Exact paths, without query, that go to a media loop when asked for with GET. Everything else goes to the control
  /// loop.
  public var callPaths: Set<String> = ["/v1/call"]

  /// Connections speak TLS, so nothing can be read here: each goes to the media loop with the fewest sockets when its first byte is
  /// there, whatever it is going to ask for. That loop has the certificate, asks for admission itself and passes on what is no call.
  public var isSecure = false

  /// Connections whose request head has not arrived; the next one is closed at once.
  public var waitingCountMax = 4_096
  /// Longest wait for a request head.
  public var headTimeMax: Duration = .seconds(10)
  /// Connections of all loops and waiting ones together; the next one is closed at once.
  public var connectionCountMax = 16_384

  /// What one address may have of these. `nil` where a proxy stands in front, whose address all connections have.
  public var peerLimits: PeerLimits? = PeerLimits()

  /// The defaults.
  public init() {}
}

/// What one address may have of an acceptor's places, so that nobody takes those of all: an IPv4 address, or the first 64 bits of an
/// IPv6 address.
public struct PeerLimits: Sendable, Equatable {
  /// Connections whose request head has not arrived; the next one is closed at once.
  public var waitingCountMax = 512
  /// Connections of all loops and waiting ones together; the next one is closed at once.
  public var connectionCountMax = 4_096
  /// Connections that may begin in a second on average. The next one is answered 429, with TLS it is closed.
  public var startsPerSecondMax = 500
  /// Connections that may begin at once after a while without any.
  public var startsAtOnceMax = 2_000

  /// The defaults.
  public init() {}
}
