/// Connections that are open, by the address of their peer. Any thread.
final class OpenConnections: Sendable {
  /// As many as there are connections at most; an address without any is not remembered.
  private let counts = Locked<[IPAddress: Int]>([:])

  var addressCount: Int { counts.withLock { $0.count } }

  /// - Returns: a place for as long as it is kept; `nil` when the address has `limit` of them.
  func take(_ peer: IPAddress, limit: Int) -> ConnectionPlace? {
    let isTaken = counts.withLock { counts in
      let count = counts[peer] ?? 0
      if count < limit { counts[peer] = count + 1 }
      return count < limit
    }
    return isTaken ? ConnectionPlace(of: peer, in: self) : nil
  }

  fileprivate func giveBack(_ peer: IPAddress) {
    counts.withLock { counts in
      guard let count = counts[peer] else { return }
      counts[peer] = count > 1 ? count - 1 : nil
    }
  }
}

/// An open connection's place among those of its address; given back when this goes away.
final class ConnectionPlace: Sendable {
  let peer: IPAddress
  private let connections: OpenConnections

  fileprivate init(of peer: IPAddress, in connections: OpenConnections) {
    self.peer = peer
    self.connections = connections
  }

  deinit { connections.giveBack(peer) }
}
