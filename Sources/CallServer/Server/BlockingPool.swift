package import CallDriver
package import Logging
import Threads
package import WebSockets

/// Threads for what blocks, with a queue of their own that is counted: what finds no place there is refused, counted and logged.
package final class BlockingPool: Sendable {
  private struct State {
    var shares: PeerQuota
    var figures = Figures()
    /// Refusals since the last line in the log.
    var unlogged = 0
    var loggedAt: UInt64?
  }

  /// What became of work since the start.
  package struct Figures: Sendable, Equatable {
    /// Refused because all places were taken.
    package var refusedAsFull = 0
    /// Refused because the address had its share.
    package var refusedByAddress = 0
  }

  /// Time between two lines in the log about a full queue.
  package static let logPeriod = Duration.seconds(10)

  /// What it is for, in logs and metrics.
  package let name: String
  /// Its threads.
  package let workers: WorkerPool
  private let log: Logger
  private let state: Locked<State>

  /// Starts the threads.
  package init(_ name: String, threadCount: Int, log: Logger) {
    self.name = name
    self.log = log
    workers = WorkerPool(threadCount: threadCount)
    state = Locked(State(shares: PeerQuota(atOnceMax: threadCount)))
  }

  /// See `Figures`.
  package var figures: Figures { state.withLock { $0.figures } }
  /// Pieces of work that wait for a thread.
  package var waitingCount: Int { workers.waitingCount + state.withLock { $0.shares.waitingCount } }

  /// Whether nothing waits or is being done.
  var isIdle: Bool { waitingCount == 0 && workers.workerStates.allSatisfy { $0.kind == nil } }

  /// Queues work of the server itself.
  /// - Returns: false when the queue is full or the pool stops.
  package func submit(_ urgency: WorkerPool.Urgency, _ work: @escaping @Sendable () -> Void) -> Bool {
    if workers.submit(urgency, work) { return true }
    logFull()
    return false
  }

  /// Queues work that an address asked for. Addresses take turns: one that asks for much waits for itself, not the others for it.
  /// - Returns: `nil` when it is queued, else what to answer.
  package func submit(from peer: ClientAddress, _ work: @escaping @Sendable () -> Void) -> HTTPResponse? {
    enum Outcome { case queued, full, refused }
    // Under the lock, so that nothing waits behind a piece that finds no thread.
    let outcome = state.withLock { state -> Outcome in
      switch state.shares.reserve(peer, work) {
      case .later: return .queued
      case .now:
        if workers.submit(.waitedFor, { [self] in run(work, of: peer) }) { return .queued }
        let next = state.shares.end(peer)
        precondition(next == nil, "work waits only while its address has as much under way as it may")
        return .full
      case .refused:
        state.figures.refusedByAddress += 1
        return .refused
      }
    }
    switch outcome {
    case .queued: return nil
    case .refused: return .later(1, status: 429, "too many requests of this address are waiting")
    case .full:
      logFull()
      return .later(1, "too many requests are waiting")
    }
  }

  private func run(_ work: @escaping PeerQuota.Work, of peer: ClientAddress) {
    work()
    // Taken already, so what finds no place in the pool any more is done here.
    while let next = state.withLock({ $0.shares.end(peer) }) {
      if workers.submit(.waitedFor, { [self] in run(next, of: peer) }) { return }
      next()
    }
  }

  /// Takes no more, and waits until what was queued is done.
  package func finish() { workers.finish() }

  private func logFull() {
    let now = MonotonicClock.now()
    let period = UInt64(Self.logPeriod.components.seconds) * 1_000_000
    let unlogged: Int? = state.withLock { state in
      state.figures.refusedAsFull += 1
      state.unlogged += 1
      if let last = state.loggedAt, now - last < period { return nil }
      defer { state.unlogged = 0 }
      state.loggedAt = now
      return state.unlogged
    }
    guard let unlogged else { return }
    log.warning(
      "the queue of \(name) is full (\(WorkerPool.waitingMax) wait): \(unlogged) refused since the last such line")
  }
}

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
  package mutating func reserve(_ peer: ClientAddress, _ work: @escaping Work) -> Turn {
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
