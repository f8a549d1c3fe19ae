/// Blocking work by the address that asked for it: each address has a share of the places, of which it uses as many at once as there are
/// threads. So addresses take turns, and one that asks for much waits for itself. A value.
package struct PeerQuota: Sendable {
  /// One piece of work.
  package typealias Work = @Sendable () -> Void

  /// When a piece of work is done.
  package enum Turn: Sendable, Equatable {
    /// Now: whoever asked queues it, and calls `end` when it is done.
    case now
    /// When `end` hands it out.
    case later
    /// Never: the address has its share.
    case refused
  }

  /// Pieces of work of one address that wait or are done: an eighth of the places of a pool. A page asks for some ten at once.
  package static let perPeerMax = 128

  private struct Peer {
    var underWay = 0
    var waiting: [Work] = []
  }

  private let atOnceMax: Int
  /// An address without work is not remembered.
  private var peers: [ClientAddress: Peer] = [:]

  /// Nothing in progress.
  /// - Parameter atOnceMax: pieces of one address that are done or wait for a thread, 1 and up.
  package init(atOnceMax: Int) { self.atOnceMax = atOnceMax }

  /// Addresses with work in progress.
  package var peerCount: Int { peers.count }
  /// Pieces that wait for their address' turn.
  package var waitingCount: Int { peers.values.reduce(0) { $0 + $1.waiting.count } }

  /// Takes a place for `work`, which is kept when its turn comes later.
  package mutating func take(_ peer: ClientAddress, _ work: @escaping Work) -> Turn {
    var entry = peers[peer] ?? Peer()
    guard entry.underWay + entry.waiting.count < Self.perPeerMax else { return .refused }
    let isNow = entry.underWay < atOnceMax
    if isNow { entry.underWay += 1 } else { entry.waiting.append(work) }
    peers[peer] = entry
    return isNow ? .now : .later
  }

  /// A piece of the address is done, or found no thread.
  /// - Returns: what the address waits for, whose turn it is now; it counts as under way.
  package mutating func end(_ peer: ClientAddress) -> Work? {
    guard var entry = peers[peer] else { return nil }
    let next = entry.waiting.isEmpty ? nil : entry.waiting.removeFirst()
    if next == nil { entry.underWay -= 1 }
    peers[peer] = entry.underWay > 0 ? entry : nil
    return next
  }
}
