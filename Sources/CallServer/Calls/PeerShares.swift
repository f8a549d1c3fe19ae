/// Blocking work that is in progress, by the address that asked for it, so that one address cannot take all places. A value.
package struct PeerShares: Sendable {
  /// Pieces of work of one address that wait or are done: an eighth of the places of a pool. A page asks for some ten at once.
  package static let perPeerMax = 128

  /// As many as there is work at most; an address without work is not remembered.
  private var counts: [ClientAddress: Int] = [:]

  /// Nothing in progress.
  package init() {}

  /// Addresses with work in progress.
  package var peerCount: Int { counts.count }

  /// Takes a place.
  /// - Returns: false when the address has its share.
  package mutating func take(_ peer: ClientAddress) -> Bool {
    let count = counts[peer] ?? 0
    guard count < Self.perPeerMax else { return false }
    counts[peer] = count + 1
    return true
  }

  /// Gives a place back that was taken.
  package mutating func giveBack(_ peer: ClientAddress) {
    guard let count = counts[peer] else { return }
    counts[peer] = count > 1 ? count - 1 : nil
  }
}
