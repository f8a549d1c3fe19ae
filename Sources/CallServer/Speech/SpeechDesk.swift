import CallCore
import CallDriver
import WebSockets

/// Lets the speech engines work for whoever is in no call: behind everything that a call needs, on all threads but one, in steps, and
/// bounded in number.
final class SpeechDesk: Sendable {
  private struct State {
    var waiting: [(job: any SpeechJob, since: UInt64)] = []
    /// Pieces of work that were given to the pool; each does one step.
    var tickets = 0
    var requests = 0
    var heldBytes = 0
    var figures = Figures()
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
  private let state = Guarded(State())

  /// One thread stays free for calls, where there are two and calls are taken.
  private let ticketsMax: Int

  init(workers: WorkerPool, limits: SpeechLimits, keepsThreadForCalls: Bool = true) {
    ticketsMax = keepsThreadForCalls ? max(workers.threadCount - 1, 1) : workers.threadCount
    self.workers = workers
    self.limits = limits
  }

  /// Requests at the desk now.
  var requests: Int { state.with { $0.requests } }
  /// See `Figures`.
  var figures: Figures { state.with { $0.figures } }

  /// Counts a request that was turned away.
  func countRefusal() { state.with { $0.figures.refused += 1 } }

  /// Whether a request that holds so many bytes would be taken.
  func hasRoom(for bytes: Int) -> Bool { state.with { hasRoom($0, bytes) } }

  /// Takes a request.
  /// - Parameter bytes: that it holds.
  /// - Returns: a place for as long as it is kept; `nil` when all are taken.
  func takePlace(holding bytes: Int) -> SpeechPlace? {
    let isTaken = state.with { state in
      guard hasRoom(state, bytes) else { return false }
      state.requests += 1
      state.heldBytes += bytes
      state.figures.taken += 1
      return true
    }
    return isTaken ? SpeechPlace(at: self, holding: bytes) : nil
  }

  func give(back bytes: Int) {
    state.with { state in
      state.requests -= 1
      state.heldBytes -= bytes
    }
  }

  /// Queues the next step of a job. Any thread.
  func queue(_ job: any SpeechJob) {
    state.with { $0.waiting.append((job, MonotonicClock.now())) }
    submit()
  }

  /// Turns away what has waited too long. Called now and then.
  func sweep(at now: UInt64) {
    let limit = UInt64(limits.waitMax.microseconds)
    let late = state.with { state in
      let late = state.waiting.filter { now > $0.since + limit }
      if !late.isEmpty { state.waiting.removeAll { now > $0.since + limit } }
      state.figures.expired += late.count
      return late
    }
    for entry in late { entry.job.expire() }
  }

  private func hasRoom(_ state: State, _ bytes: Int) -> Bool {
    state.requests < limits.requestsMax && state.heldBytes + bytes <= limits.heldBytesMax
  }

  private func submit() {
    let isWanted = state.with { state in
      guard state.tickets < ticketsMax, state.tickets < state.waiting.count else { return false }
      state.tickets += 1
      return true
    }
    guard isWanted else { return }
    let isQueued = workers.submit(.outsideCalls) { [weak self] in self?.work() }
    // The queue of the pool is full, or it stops: what waits is turned away in time.
    if !isQueued { state.with { $0.tickets -= 1 } }
  }

  private func work() {
    let job = state.with { state in state.waiting.isEmpty ? nil : state.waiting.removeFirst().job }
    let isUnfinished = job.map { !$0.isOver && $0.step() } ?? false
    state.with { $0.tickets -= 1 }
    if isUnfinished, let job { queue(job) } else { submit() }
  }
}
