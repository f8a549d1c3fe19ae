import Synchronization

/// How busy a loop is. Written by its thread, read by any; each figure is exact, together they may be one tick apart.
public final class LoopLoad: Sendable {
  /// Upper ends of the tick lateness classes, microseconds; the last class has no end.
  /// 20 ms is a whole frame: beyond it callers hear gaps.
  public static let latenessClassEnds: [UInt64] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000,
  ]

  private let sockets = Atomic<Int>(0)
  private let openWebSockets = Atomic<Int>(0)
  private let lateness = Atomic<UInt64>(0)
  private let latenessMaxSinceTaken = Atomic<UInt64>(0)
  private let busyPermille = Atomic<Int>(0)
  private let slowPeersClosed = Atomic<Int>(0)
  private let classes = LatenessClasses()
  private let standing = Atomic<Bool>(false)
  /// Signs of life of the loop's thread.
  public let heartbeat = ThreadHeartbeat()

  /// Sockets the loop owns or was just given: HTTP, WebSocket, server and client.
  public var socketCount: Int { sockets.load(ordering: .relaxed) }
  /// Established WebSockets, server and client.
  public var connectionCount: Int { openWebSockets.load(ordering: .relaxed) }
  /// Tick lateness in microseconds, averaged over about 64 ticks.
  public var tickLateness: UInt64 { lateness.load(ordering: .relaxed) }
  /// Share of one core the loop's thread uses, 0 … 1, over the last 100 ms; 0 while the loop does not tick.
  public var busyShare: Double { Double(busyPermille.load(ordering: .relaxed)) / 1_000 }
  /// Connections closed with 1013 because their peer did not read fast enough.
  public var slowPeersClosedCount: Int { slowPeersClosed.load(ordering: .relaxed) }
  /// Ticks by lateness since the start: one count for each of `latenessClassEnds`, then those beyond.
  public var latenessCounts: [Int] { classes.counts }

  /// Whether the loop's thread was found standing: it is given no connections then.
  public var isStanding: Bool { standing.load(ordering: .relaxed) }

  /// Said by whoever watches the thread.
  public func setStanding(_ isStanding: Bool) { standing.store(isStanding, ordering: .relaxed) }

  /// Largest tick lateness in microseconds since the last call of this function.
  public func takeTickLatenessMax() -> UInt64 { latenessMaxSinceTaken.exchange(0, ordering: .relaxed) }

  func socketsChanged(by amount: Int) { sockets.add(amount, ordering: .relaxed) }
  func connectionsChanged(by amount: Int) { openWebSockets.add(amount, ordering: .relaxed) }
  func slowPeerClosed() { slowPeersClosed.add(1, ordering: .relaxed) }
  func busy(permille: Int) { busyPermille.store(permille, ordering: .relaxed) }

  /// One tick ran `late` microseconds after its time.
  func ticked(late: UInt64) {
    let average = lateness.load(ordering: .relaxed)
    let next = late > average ? average + (late - average + 63) / 64 : average - (average - late) / 64
    lateness.store(next, ordering: .relaxed)
    latenessMaxSinceTaken.max(late, ordering: .relaxed)
    classes.count(late)
  }
}
