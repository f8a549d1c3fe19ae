import Synchronization

/// What an acceptor has seen since it started. Written by its thread, read by any.
public final class AcceptorCounts: Sendable {
  private let acceptedCell = Atomic<Int>(0)
  private let slowHeadsCell = Atomic<Int>(0)
  private let overLimitCell = Atomic<Int>(0)
  private let refusedCell = Atomic<Int>(0)
  private let overShareCell = Atomic<Int>(0)
  private let waitingCell = Atomic<Int>(0)

  /// Signs of life of the acceptor's thread.
  public let heartbeat = ThreadHeartbeat()

  /// Connections accepted.
  public var accepted: Int { acceptedCell.load(ordering: .relaxed) }
  /// Connections closed because their request head did not arrive in `headTimeMax`.
  public var slowHeads: Int { slowHeadsCell.load(ordering: .relaxed) }
  /// Connections closed at once because a limit was reached.
  public var overLimit: Int { overLimitCell.load(ordering: .relaxed) }
  /// Connections closed or answered 429 because their address had its share.
  public var overShare: Int { overShareCell.load(ordering: .relaxed) }
  /// Calls answered 503.
  public var refusedCalls: Int { refusedCell.load(ordering: .relaxed) }
  /// Connections waiting for their request head now.
  public var waiting: Int { waitingCell.load(ordering: .relaxed) }

  /// Connections that are open, by address.
  let open = OpenConnections()
  /// Addresses with open connections now.
  public var addresses: Int { open.addressCount }

  func countAccepted() { acceptedCell.add(1, ordering: .relaxed) }
  func countSlowHead() { slowHeadsCell.add(1, ordering: .relaxed) }
  func countOverLimit() { overLimitCell.add(1, ordering: .relaxed) }
  func countOverShare() { overShareCell.add(1, ordering: .relaxed) }
  func countRefusedCall() { refusedCell.add(1, ordering: .relaxed) }
  func setWaiting(_ count: Int) { waitingCell.store(count, ordering: .relaxed) }
}
