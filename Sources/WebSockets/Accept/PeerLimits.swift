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
