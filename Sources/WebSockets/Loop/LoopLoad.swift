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

/// A small histogram of tick lateness: one atomic count for each class of `LoopLoad.latenessClassEnds`, then one more.
final class LatenessClasses: Sendable {
  private let cells = (0...LoopLoad.latenessClassEnds.count).map { _ in SharedNumber() }

  var counts: [Int] { cells.map(\.value) }

  func count(_ late: UInt64) {
    let index = LoopLoad.latenessClassEnds.firstIndex { late <= $0 } ?? LoopLoad.latenessClassEnds.count
    cells[index].add()
  }
}

/// How late ticks were over the last few looks at a loop's `LoopLoad.latenessCounts`. A value without a clock.
public struct LatenessWindow: Sendable {
  private let lookCount: Int
  /// Counts at the last looks, oldest first; one more than `lookCount` when full.
  private var looks: [[Int]] = []

  /// - Parameter lookCount: stretches between two looks that count, 1 and up.
  public init(lookCount: Int) { self.lookCount = lookCount }

  /// Takes a look.
  /// - Parameter counts: of a loop, never less than before.
  public mutating func add(_ counts: [Int]) {
    if looks.count > lookCount { looks.removeFirst() }
    looks.append(counts)
  }

  /// Ticks within the window.
  public var tickCount: Int { classes.reduce(0, +) }

  /// - Parameter share: 0 … 1, such as 0.99.
  /// - Returns: microseconds that this share of the ticks were late at most, interpolated within a class; beyond the last class its
  ///   beginning. 0 when there were no ticks.
  public func lateness(ofShare share: Double) -> UInt64 {
    let classes = classes
    var left = Double(classes.reduce(0, +)) * share
    guard left > 0 else { return 0 }
    var start: UInt64 = 0
    for (count, end) in zip(classes, LoopLoad.latenessClassEnds) {
      if left <= Double(count) { return start + UInt64(Double(end - start) * left / Double(count)) }
      left -= Double(count)
      start = end
    }
    return start
  }

  private var classes: [Int] {
    guard let first = looks.first, let last = looks.last else { return [] }
    return zip(last, first).map { $0 - $1 }
  }
}
