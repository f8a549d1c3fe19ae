import CallCore
import CallDriver
import WebSockets
import Threads

/// Lets the speech engines work for whoever is in no call: behind everything that a call needs, on all threads but one, in steps, and
/// bounded in number.
final class SpeechScheduler: Sendable {
  private struct State {
    var waiting: [(job: any SpeechJob, since: UInt64)] = []
    /// Pieces of work that were given to the pool; each does one step.
    var tickets = 0
    var taken: [SpeechSlot.Kind: [SpeechClient: Int]] = [:]
    var heldBytes = 0
    var figures = Figures()

    func count(_ kind: SpeechSlot.Kind) -> Int { taken[kind]?.values.reduce(0, +) ?? 0 }

    mutating func take(_ kind: SpeechSlot.Kind, _ client: SpeechClient, _ bytes: Int) {
      taken[kind, default: [:]][client, default: 0] += 1
      heldBytes += bytes
    }
  }

  /// What became of requests since the start.
  struct Figures {
    /// Taken.
    var taken = 0
    /// Turned away because of the load or for want of a place.
    var refused = 0
    /// Turned away after they had waited.
    var expired = 0
  }

  let limits: SpeechLimits
  private let workers: WorkerPool
  private let state = Locked(State())

  /// One thread stays free for calls, where there are two and calls are taken.
  private let ticketsMax: Int

  init(workers: WorkerPool, limits: SpeechLimits, keepsThreadForCalls: Bool = true) {
    ticketsMax = keepsThreadForCalls ? max(workers.threadCount - 1, 1) : workers.threadCount
    self.workers = workers
    self.limits = limits
  }

  /// Requests in work now.
  var requests: Int { state.withLock { $0.count(.work) } }
  /// Answers that are sent as fast as their clients read.
  var streams: Int { state.withLock { $0.count(.stream) } }
  /// See `Figures`.
  var figures: Figures { state.withLock { $0.figures } }

  /// Counts a request that was turned away.
  func countRefusal() { state.withLock { $0.figures.refused += 1 } }

  /// Whether a request that holds so many bytes would be taken.
  func hasRoom(for bytes: Int) -> Bool { state.withLock { hasRoom($0, bytes) } }

  /// Takes a request. A client gets a place while it has fewer than are left for all: one alone may have half of them, and some are
  /// always left for whoever has none.
  /// - Parameter bytes: that it holds.
  /// - Returns: a place for as long as it is kept.
  func takePlace(
    _ kind: SpeechSlot.Kind = .work, holding bytes: Int, for client: SpeechClient
  ) throws(SpeechRefusal) -> SpeechSlot {
    try state.withLock { state throws(SpeechRefusal) in
      let left = (kind == .work ? limits.requestsMax : limits.streamsMax) - state.count(kind)
      guard left > 0, state.heldBytes + bytes <= limits.heldBytesMax else { throw .full }
      guard state.taken[kind]?[client] ?? 0 < left else { throw .share }
      state.take(kind, client, bytes)
      if kind == .work { state.figures.taken += 1 }
    }
    return SpeechSlot(at: self, kind, holding: bytes, for: client)
  }

  /// Takes a place again for the next piece of an answer that has begun. It is given in any case, and counts: while many go on, no
  /// new request is taken. `SpeechLimits.streamsMax` bounds them.
  func takePlaceAgain(for client: SpeechClient) -> SpeechSlot {
    state.withLock { $0.take(.work, client, 0) }
    return SpeechSlot(at: self, .work, holding: 0, for: client)
  }

  func give(back bytes: Int, _ kind: SpeechSlot.Kind, of client: SpeechClient) {
    state.withLock { state in
      let held = state.taken[kind]?[client] ?? 0
      state.taken[kind]?[client] = held > 1 ? held - 1 : nil
      state.heldBytes -= bytes
    }
  }

  /// Queues the next step of a job. Any thread.
  func queue(_ job: any SpeechJob) {
    state.withLock { $0.waiting.append((job, MonotonicClock.now())) }
    submit()
  }

  /// Turns away what has waited too long. Called now and then.
  func sweep(at now: UInt64) {
    let limit = UInt64(limits.waitMax.microseconds)
    let late = state.withLock { state in
      let late = state.waiting.filter { now > $0.since + limit }
      if !late.isEmpty { state.waiting.removeAll { now > $0.since + limit } }
      state.figures.expired += late.count
      return late
    }
    for entry in late { entry.job.expire() }
  }

  private func hasRoom(_ state: State, _ bytes: Int) -> Bool {
    state.count(.work) < limits.requestsMax && state.heldBytes + bytes <= limits.heldBytesMax
  }

  private func submit() {
    let isWanted = state.withLock { state in
      guard state.tickets < ticketsMax, state.tickets < state.waiting.count else { return false }
      state.tickets += 1
      return true
    }
    guard isWanted else { return }
    let isQueued = workers.submit(.outsideCalls) { [weak self] in self?.work() }
    // The queue of the pool is full, or it stops: what waits is turned away in time.
    if !isQueued { state.withLock { $0.tickets -= 1 } }
  }

  private func work() {
    let job = state.withLock { state in state.waiting.isEmpty ? nil : state.waiting.removeFirst().job }
    let isUnfinished = job.map { !$0.isOver && $0.step() } ?? false
    state.withLock { $0.tickets -= 1 }
    if isUnfinished, let job { queue(job) } else { submit() }
  }
}
