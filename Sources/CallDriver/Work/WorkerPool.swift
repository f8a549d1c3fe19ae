import Glibc

/// A fixed number of threads for blocking work, with a bounded queue. More urgent work goes first; equals in their order.
public final class WorkerPool: @unchecked Sendable {
  // Unchecked: everything mutable is touched only while `mutex` is held.

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

  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let workCame = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var queues = Urgency.allCases.map { _ in WorkQueue() }
  private var waiting = 0
  private var figuresSoFar = WorkFigures()
  /// Threads of the pool.
  public let threadCount: Int
  /// Threads that do something for a call now, and the sum of the instants at which they began.
  private var running: (count: UInt64, startSum: UInt64) = (0, 0)
  private var isStopping = false
  private var threads: [pthread_t] = []
  private var states: [WorkerState]

  /// Starts the threads.
  /// - Parameters:
  ///   - threadCount: 1 and up.
  ///   - niceness: 0 … 19; workers yield to the media loops.
  public init(threadCount: Int, niceness: Int32 = 5) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(workCame, nil)
    self.threadCount = threadCount
    figuresSoFar.threads = threadCount
    states = Array(repeating: WorkerState(), count: threadCount)
    for index in 0..<threadCount { startThread(index, niceness) }
  }

  deinit {
    pthread_cond_destroy(workCame)
    pthread_mutex_destroy(mutex)
    workCame.deallocate()
    mutex.deallocate()
  }

  /// Queues `work`.
  /// - Parameter kind: counts it among its like in `figures`.
  /// - Returns: false when the queue is full or the pool stops; the work is then not done.
  public func submit(_ urgency: Urgency, kind: WorkKind = .other, _ work: @escaping @Sendable () -> Void) -> Bool {
    let queued = QueuedWork(kind: kind, urgency: urgency, since: WorkClock.now(), run: work)
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !isStopping, waitingLike(urgency) < urgency.waitingMax else { return false }
    queues[urgency.rawValue].append(queued)
    waiting += 1
    if urgency.isOfCall { figuresSoFar.waiting[kind.rawValue] += 1 }
    pthread_cond_signal(workCame)
    return true
  }

  /// Pieces of work that wait for a thread and that a caller waits for, or will.
  public var waitingCount: Int {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return waitingOfCalls
  }

  /// The mutex is held.
  private var waitingOfCalls: Int {
    queues[Urgency.waitedFor.rawValue].count + queues[Urgency.soon.rawValue].count
  }

  /// What shares its bound with `urgency`; the mutex is held.
  private func waitingLike(_ urgency: Urgency) -> Int {
    urgency.isOfCall ? waitingOfCalls : queues[urgency.rawValue].count
  }

  /// What each thread does.
  public var workerStates: [WorkerState] {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return states
  }

  /// What the pool did, and what waits for it.
  public var figures: WorkFigures {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var figures = figuresSoFar
    figures.at = WorkClock.now()
    figures.busyMicroseconds &+= running.count &* figures.at &- running.startSum
    figures.oldestWait = queues[Urgency.waitedFor.rawValue].oldest.map { figures.at - min($0, figures.at) } ?? 0
    return figures
  }

  /// Lets the threads finish what they do now, drops the rest, and waits for them. The pool must be stopped or finished before it
  /// goes away.
  public func stop() {
    pthread_mutex_lock(mutex)
    queues = Urgency.allCases.map { _ in WorkQueue() }
    waiting = 0
    figuresSoFar.waiting = figuresSoFar.waiting.map { _ in 0 }
    pthread_mutex_unlock(mutex)
    finish()
  }

  /// Takes no more work, and waits until what was queued is done.
  public func finish() {
    pthread_mutex_lock(mutex)
    isStopping = true
    pthread_cond_broadcast(workCame)
    let running = threads
    threads = []
    states = []
    pthread_mutex_unlock(mutex)
    for thread in running { pthread_join(thread, nil) }
  }

  private func startThread(_ index: Int, _ niceness: Int32) {
    let start = WorkerStart(pool: self, index: index, niceness: niceness)
    var thread = pthread_t()
    let code = pthread_create(&thread, nil, runWorker, Unmanaged.passRetained(start).toOpaque())
    precondition(code == 0, "the system refused a worker thread: error \(code)")
    threads.append(thread)
  }

  fileprivate func run(_ index: Int) {
    var done: (work: QueuedWork, since: UInt64)?
    noteThread(index)
    while let next = next(after: done, on: index) {
      next.work.run()
      done = next
    }
  }

  private func noteThread(_ index: Int) {
    var clock = clockid_t()
    guard pthread_getcpuclockid(pthread_self(), &clock) == 0 else { return }
    change(index) { state in
      state.thread = pthread_self()
      state.clock = clock
    }
  }

  /// A pool that finishes is watched no more.
  private func change(_ index: Int, locked: Bool = false, _ body: (inout WorkerState) -> Void) {
    if !locked { pthread_mutex_lock(mutex) }
    if states.indices.contains(index) { body(&states[index]) }
    if !locked { pthread_mutex_unlock(mutex) }
  }

  /// Notes that a piece of work is done, and waits for the next one.
  private func next(
    after done: (work: QueuedWork, since: UInt64)?, on index: Int
  ) -> (work: QueuedWork, since: UInt64)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    if let done {
      finished(done.work, since: done.since)
      change(index, locked: true) { $0.kind = nil }
    }
    while waiting == 0, !isStopping { pthread_cond_wait(workCame, mutex) }
    guard waiting > 0 else { return nil }
    waiting -= 1
    for queue in queues.indices {
      guard let work = queues[queue].removeFirst() else { continue }
      change(index, locked: true) { state in
        state.kind = work.kind
        state.pieces += 1
      }
      return (work, begun(work))
    }
    preconditionFailure("work is counted that is in no queue")
  }

  /// Books for work that begins; the mutex is held.
  /// - Returns: when it begins.
  private func begun(_ work: QueuedWork) -> UInt64 {
    let now = WorkClock.now()
    guard work.urgency.isOfCall else { return now }
    figuresSoFar.waiting[work.kind.rawValue] -= 1
    if work.urgency == .waitedFor { figuresSoFar.waits[work.kind.rawValue].add(microseconds: now - work.since) }
    running = (running.count + 1, running.startSum &+ now)
    return now
  }

  /// Books for work that is done; the mutex is held.
  private func finished(_ work: QueuedWork, since start: UInt64) {
    guard work.urgency.isOfCall else { return }
    running = (running.count - 1, running.startSum &- start)
    figuresSoFar.busyMicroseconds &+= WorkClock.now() &- start
  }
}

/// What a worker thread is handed at its start.
private final class WorkerStart {
  let pool: WorkerPool
  let index: Int
  let niceness: Int32

  init(pool: WorkerPool, index: Int, niceness: Int32) {
    self.pool = pool
    self.index = index
    self.niceness = niceness
  }
}

private func runWorker(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  let start = Unmanaged<WorkerStart>.fromOpaque(argument).takeRetainedValue()
  // On Linux the priority of process 0 is that of the calling thread.
  setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, start.niceness)
  start.pool.run(start.index)
  return nil
}
