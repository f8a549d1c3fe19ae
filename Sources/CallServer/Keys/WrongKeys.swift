package import CallCore

/// Who gave wrong keys lately. A value that is told the time.
///
/// An address that gave too many is not listened to for a while, whatever key it gives, unless the key is one that was right from
/// there before: behind one address there may be many people, and one program with an old key must not lock the others out.
package struct WrongKeys: Sendable {
  private struct Peer {
    var budget: RequestBudget
    var goodIDs: [String] = []
  }

  /// Wrong keys that an address may give at once, and then in a minute.
  package static let perMinute = 20
  /// Addresses remembered. When there are more, those that gave no wrong key for a minute are forgotten, and if there are none, all:
  /// with so many addresses at once the count for each says nothing.
  package static let peersMax = 4096
  /// Keys remembered of an address.
  package static let goodIDsMax = 16

  private var peers: [String: Peer] = [:]

  /// Nobody yet.
  package init() {}

  /// Addresses that are remembered.
  package var peerCount: Int { peers.count }

  /// - Returns: the seconds that a key `id` from `peer` must wait until it is looked at; `nil`: none.
  package func wait(for peer: String, id: String, at now: Timestamp) -> Int? {
    guard let known = peers[peer], !known.goodIDs.contains(id) else { return nil }
    return known.budget.wait(at: now)
  }

  /// A wrong key came from `peer`.
  package mutating func noteWrong(from peer: String, at now: Timestamp) {
    change(peer, at: now) { _ = $0.budget.take(at: now) }
  }

  /// A right key came from `peer`.
  package mutating func noteGood(_ id: String, from peer: String, at now: Timestamp) {
    change(peer, at: now) { known in
      guard !known.goodIDs.contains(id), known.goodIDs.count < Self.goodIDsMax else { return }
      known.goodIDs.append(id)
    }
  }

  private mutating func change(_ peer: String, at now: Timestamp, _ body: (inout Peer) -> Void) {
    if peers[peer] == nil { makeRoom(at: now) }
    body(&peers[peer, default: Peer(budget: RequestBudget(perMinute: Self.perMinute, at: now))])
  }

  private mutating func makeRoom(at now: Timestamp) {
    guard peers.count >= Self.peersMax else { return }
    peers = peers.filter { !$0.value.budget.isFull(at: now) }
    if peers.count >= Self.peersMax { peers = [:] }
  }
}
