import Bounds
import Threads

/// Connections that are open, by the address of their peer. Any thread.
final class OpenConnections: Sendable {
  private struct OfPeer {
    var count = 0
    let bytes = PeerBytes()
  }

  /// As many as there are connections at most; an address without any is not remembered.
  private let peers = Locked<[IPAddress: OfPeer]>([:])

  var addressCount: Int { peers.withLock { $0.count } }

  /// - Parameters:
  ///   - address: of the peer as a proxy told it, in digits; `nil`: its socket knows.
  ///   - isProxy: whether the peer is a proxy, which has connections of many.
  /// - Returns: a place for as long as it is kept; `nil` when the address has `limit` of them.
  func reserve(_ peer: IPAddress, limit: Int, told address: String? = nil, isProxy: Bool = false) -> ConnectionSlot? {
    let bytes = peers.withLock { peers -> PeerBytes? in
      var all = peers[peer] ?? OfPeer()
      guard all.count < limit else { return nil }
      all.count += 1
      peers[peer] = all
      return all.bytes
    }
    return bytes.map { ConnectionSlot(of: peer, told: address, isProxy: isProxy, bytes: $0, in: self) }
  }

  fileprivate func release(_ peer: IPAddress) {
    peers.withLock { peers in
      guard var all = peers[peer] else { return }
      all.count -= 1
      peers[peer] = all.count > 0 ? all : nil
    }
  }
}

/// An open connection's place among those of its address; given back when this goes away.
final class ConnectionSlot: Sendable {
  let peer: IPAddress
  /// The peer's whole address in digits, where a proxy told it.
  let address: String?
  /// Whether the peer is a proxy that told no address, and has connections of many.
  let isProxy: Bool
  /// What all connections of the address hold.
  let bytes: PeerBytes
  private let connections: OpenConnections

  fileprivate init(
    of peer: IPAddress, told address: String?, isProxy: Bool, bytes: PeerBytes, in connections: OpenConnections
  ) {
    self.peer = peer
    self.address = address
    self.isProxy = isProxy
    self.bytes = bytes
    self.connections = connections
  }

  deinit { connections.release(peer) }
}

/// Connections that addresses may still begin: a bucket for each, which fills evenly. A value that is told the time.
package struct ConnectionRateLimiter: Sendable {
  /// Addresses whose buckets are remembered. While more are not full, connections of further addresses are let through uncounted.
  package static let peersMax = 4_096

  private let full: TokenBucket
  private var buckets: [IPAddress: TokenBucket] = [:]
  private var sweptAt: UInt64 = 0

  /// Every bucket full.
  package init(_ limits: PeerLimits) {
    full = TokenBucket(perSecond: limits.startsPerSecondMax, atOnce: limits.startsAtOnceMax)
  }

  /// Addresses that are remembered.
  package var count: Int { buckets.count }

  /// Takes one connection of an address away.
  ///
  /// - Parameter now: microseconds of the monotonic clock.
  /// - Returns: false when none is left.
  package mutating func consume(_ peer: IPAddress, at now: UInt64) -> Bool {
    if buckets[peer] == nil {
      if buckets.count >= Self.peersMax { sweep(at: now) }
      guard buckets.count < Self.peersMax else { return true }
    }
    return buckets[peer, default: full].consume(at: now)
  }

  /// Forgets full buckets, once a second at most.
  private mutating func sweep(at now: UInt64) {
    guard sweptAt == 0 || now > sweptAt + 1_000_000 else { return }
    sweptAt = now
    buckets = buckets.filter { !$0.value.isFull(at: now) }
  }
}
