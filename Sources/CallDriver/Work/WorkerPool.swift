import Bounds
public import Glibc
import Threads

/// A fixed number of threads for blocking work, with a bounded queue. More urgent work goes first; equals in their order.
public final class WorkerPool: Sendable {
  /// How urgent work is.
  public enum Urgency: Int, Sendable, CaseIterable, Comparable {
    /// A caller waits for it.
    case waitedFor
    /// A caller will probably wait for it soon.
    case soon
    /// Somebody who is in no call waits for it, such as a program that asked for speech over HTTP.
    case outsideCalls
    /// Nobody waits.
    case idle

    /// More urgent is less: it goes first.
    public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

    /// Whether a caller is concerned: only such work counts as load.
    var isOfCall: Bool { self == .waitedFor || self == .soon }

    /// Most pieces of work of this kind of urgency that wait; the next is refused. Those of calls share theirs, and nothing else
    /// takes a place of them.
    public var waitingMax: Int { isOfCall ? WorkerPool.waitingMax : WorkerPool.waitingMaxOutsideCalls }
  }

  /// Most pieces of work of calls that wait. At 70 ms each, two threads need half a minute for so many: whoever came later has long
  /// given up.
  public static let waitingMax = 1024
  /// Most pieces of work that wait from outside calls, and as many idle ones: they go behind all others, so few of them end in time.
  public static let waitingMaxOutsideCalls = 256

  /// Threads of the pool.
  public let threadCount: Int
  private let state: Monitor<State>

  fileprivate struct State {
    var queues = Urgency.allCases.map { _ in Queue<QueuedWork>() }
    var waiting = 0
    var figures = WorkFigures()
    /// Threads that do something for a call now, and the sum of the instants at which they began.
    var running: (count: UInt64, startSum: UInt64) = (0, 0)
    var isStopping = false
    var threads: [Thread] = []
    var workers: [WorkerState]
  }

  /// Starts the threads.
  /// - Parameters:
  ///   - threadCount: 1 and up.
  ///   - niceness: 0 … 19; workers yield to the media loops.
  public init(threadCount: Int, niceness: Int32 = 5) {
    self.threadCount = threadCount
    var state = State(workers: Array(repeating: WorkerState(), count: threadCount))
    state.figures.threads = threadCount
    self.state = Monitor(state)
    for index in 0..<threadCount {
      do throws(Thread.Failure) {
        let thread = try Thread.start("worker") { [self] in
          // On Linux the priority of process 0 is that of the calling thread.
          setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
          run(index)
        }
        self.state.withLock { $0.threads.append(thread) }
      } catch { preconditionFailure("\(error)") }
    }
  }

  /// Queues `work`.
  /// - Parameter kind: counts it among its like in `figures`.
  /// - Returns: false when the queue is full or the pool stops; the work is then not done.
  public func submit(_ urgency: Urgency, kind: WorkKind = .other, _ work: @escaping @Sendable () -> Void) -> Bool {
    let queued = QueuedWork(kind: kind, urgency: urgency, since: MonotonicClock.now(), run: work)
    return state.withLock { state in
      guard !state.isStopping, state.waitingLike(urgency) < urgency.waitingMax else { return false }
      state.queues[urgency.rawValue].append(queued)
      state.waiting += 1
      if urgency.isOfCall { state.figures.waiting[kind.rawValue] += 1 }
      return true
    }
  }

  /// Pieces of work that wait for a thread and that a caller waits for, or will.
  public var waitingCount: Int { state.read { $0.waitingOfCalls } }

  /// What each thread does.
  public var workerStates: [WorkerState] { state.read { $0.workers } }

  /// What the pool did, and what waits for it.
  public var figures: WorkFigures {
    state.read { state in
      var figures = state.figures
      figures.at = MonotonicClock.now()
      figures.busyMicroseconds &+= state.running.count &* figures.at &- state.running.startSum
      figures.oldestWait =
        state.queues[Urgency.waitedFor.rawValue].first.map { figures.at - min($0.since, figures.at) } ?? 0
      return figures
    }
  }

  /// Lets the threads finish what they do now, drops the rest, and waits for them. The pool must be stopped or finished before it
  /// goes away.
  public func stop() {
    state.withLock { state in
      state.queues = Urgency.allCases.map { _ in Queue<QueuedWork>() }
      state.waiting = 0
      state.figures.waiting = state.figures.waiting.map { _ in 0 }
    }
    finish()
  }

  /// Takes no more work, and waits until what was queued is done.
  public func finish() {
    let running = state.withLock { state in
      state.isStopping = true
      state.workers = []
      defer { state.threads = [] }
      return state.threads
    }
    for thread in running { thread.join() }
  }

  private func run(_ index: Int) {
    registerThread(index)
    while let (work, since) = next(on: index) {
      work.run()
      state.withLock { $0.finished(work, since: since, on: index) }
    }
  }

  private func registerThread(_ index: Int) {
    var clock = clockid_t()
    guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return }
    state.withLock { state in
      state.change(index) { worker in
        worker.thread = pthread_self()
        worker.clock = clock
      }
    }
  }

  /// Waits for the next piece of work; `nil` when the pool stops.
  private func next(on index: Int) -> (work: QueuedWork, since: UInt64)? {
    state.wait { state -> (work: QueuedWork, since: UInt64)?? in
      guard state.waiting > 0 else { return state.isStopping ? .some(nil) : nil }
      return state.takeNext(on: index)
    }
  }
}

extension WorkerPool.State {
  var waitingOfCalls: Int {
    queues[WorkerPool.Urgency.waitedFor.rawValue].count + queues[WorkerPool.Urgency.soon.rawValue].count
  }

  /// What shares its bound with `urgency`.
  func waitingLike(_ urgency: WorkerPool.Urgency) -> Int {
    urgency.isOfCall ? waitingOfCalls : queues[urgency.rawValue].count
  }

  /// A pool that finishes is watched no more.
  mutating func change(_ index: Int, _ body: (inout WorkerState) -> Void) {
    if workers.indices.contains(index) { body(&workers[index]) }
  }

  /// There is work.
  mutating func takeNext(on index: Int) -> (work: QueuedWork, since: UInt64) {
    waiting -= 1
    for queue in queues.indices {
      guard let work = queues[queue].popFirst() else { continue }
      change(index) { worker in
        worker.kind = work.kind
        worker.pieces += 1
      }
      return (work, begun(work))
    }
    preconditionFailure("work is counted that is in no queue")
  }

  /// Counts work that begins.
  /// - Returns: when it begins.
  private mutating func begun(_ work: QueuedWork) -> UInt64 {
    let now = MonotonicClock.now()
    guard work.urgency.isOfCall else { return now }
    figures.waiting[work.kind.rawValue] -= 1
    if work.urgency == .waitedFor { figures.waits[work.kind.rawValue].add(microseconds: now - work.since) }
    running = (running.count + 1, running.startSum &+ now)
    return now
  }

  /// Counts work that is done.
  mutating func finished(_ work: QueuedWork, since start: UInt64, on index: Int) {
    change(index) { $0.kind = nil }
    guard work.urgency.isOfCall else { return }
    running = (running.count - 1, running.startSum &- start)
    figures.busyMicroseconds &+= MonotonicClock.now() &- start
    figures.piecesDone &+= 1
  }
}

/// A piece of work that waits for a worker thread.
struct QueuedWork {
  let kind: WorkKind
  let urgency: WorkerPool.Urgency
  /// When it was queued, by `MonotonicClock`.
  let since: UInt64
  let run: @Sendable () -> Void
}

/// What one thread of a pool does.
public struct WorkerState: Sendable {
  /// Pieces of work that it began.
  public var pieces: UInt64 = 0
  /// What the piece that it does now was asked for; `nil` while it waits for work.
  public var kind: WorkKind?
  /// The thread; `nil` before it began.
  public var thread: pthread_t?
  /// Clock of its CPU time.
  var clock = clockid_t()

  /// CPU time of the thread in microseconds; `nil` when it does not run.
  public var cpuMicroseconds: UInt64? {
    var time = timespec()
    // Below 0 only where a library in front of the system's moves the clocks, as tests do.
    guard thread != nil, clock_gettime(clock, &time) == 0, time.tv_sec >= 0, time.tv_nsec >= 0 else { return nil }
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
  }
}
