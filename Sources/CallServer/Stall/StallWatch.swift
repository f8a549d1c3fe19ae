import CallCore
import CallDriver
import Glibc
import Logging
import Synchronization
import Threads
import WebSockets

/// Looks at all threads of the server, on a thread of its own.
final class StallWatch: Sendable {
  private struct State {
    var threads: [(thread: WatchedThread, detector: StallDetector)] = []
    /// Threads that stand, and what is said of them.
    var standing: [String: String] = [:]
    var hasEnded = false
  }

  private let settings: StallSettings
  private let ending: StallEnding
  private let log: Logger
  private let runner = WorkerPool(threadCount: 1, niceness: 0)
  private let stopped = Latch()
  private let state = Locked(State())
  /// What is counted, for the report.
  private let figures: @Sendable () -> String
  /// Ends what can still be ended well.
  private let salvage: @Sendable () -> Void

  init(
    settings: StallSettings, ending: StallEnding, log: Logger, figures: @escaping @Sendable () -> String,
    salvage: @escaping @Sendable () -> Void
  ) {
    self.settings = settings
    self.ending = ending
    self.log = log
    self.figures = figures
    self.salvage = salvage
  }

  /// Threads that stand, with what they do; by name.
  var standing: [String: String] { state.withLock { $0.standing } }

  /// Begins to look at `threads`. To be called once.
  func start(_ threads: [WatchedThread]) {
    state.withLock { state in
      state.threads = threads.map { ($0, StallDetector(period: settings.period, limits: $0.limits)) }
    }
    let (stopped, period) = (stopped, settings.period)
    _ = runner.submit(.waitedFor) { [weak self] in
      while !stopped.wait(within: .microseconds(period.microseconds)) {
        self?.check(at: Timestamp(microseconds: Int64(MonotonicClock.now())))
      }
    }
  }

  /// Looks no more; waits for the look that goes on.
  func stop() {
    stopped.open()
    runner.finish()
  }

  private func check(at now: Timestamp) {
    var lost: (name: String, seen: WatchedThread.State, time: CallDuration, cause: StallDetector.Cause)?
    for index in state.withLock({ $0.threads.indices }) {
      let thread = state.withLock { $0.threads[index].thread }
      guard let seen = thread.look() else { continue }
      let verdict = state.withLock { $0.threads[index].detector.check(seen.sample, at: now) }
      switch verdict {
      case .goesOn: logRecovery(thread)
      case .stands(let time): logStall(thread, seen, time)
      case .isLost(let time, let cause):
        logStall(thread, seen, time)
        lost = lost ?? (thread.name, seen, time, cause)
      }
    }
    guard let lost, !state.withLock({ $0.hasEnded }) else { return }
    state.withLock { $0.hasEnded = true }
    ending.begin()
    let (seconds, step) = (lost.time.milliseconds / 1000, lost.seen.doing)
    ending.report(report("\(lost.name) has stood for \(seconds) s (\(step)): \(lost.cause.rawValue)"))
    salvage()
    ending.end()
  }

  private func logRecovery(_ thread: WatchedThread) {
    guard state.withLock({ $0.standing.removeValue(forKey: thread.name) }) != nil else { return }
    thread.stands(false)
    log.warning("the thread \(thread.name) goes on")
  }

  private func logStall(_ thread: WatchedThread, _ seen: WatchedThread.State, _ time: CallDuration) {
    let text = "stands for \(time.milliseconds / 1000) s (\(seen.doing))"
    guard state.withLock({ $0.standing.updateValue(text, forKey: thread.name) }) == nil else { return }
    thread.stands(true)
    log.error(
      "the thread \(thread.name) \(text); it used \(seen.sample.cpu.milliseconds) ms of CPU since its start")
  }

  /// Why the process ends, what each thread does, and what was counted.
  private func report(_ reason: String) -> String {
    let seen = state.withLock { $0.threads.map(\.thread) }.compactMap { thread in
      thread.look().map { (thread.name, $0) }
    }
    var text = "The server ends itself: the thread \(reason).\n\nTHREADS\n"
    for (name, state) in seen {
      text += "\(name): \(state.doing), \(state.sample.cpu.milliseconds) ms of CPU\n"
      text += ThreadStack.text(of: state.thread)
    }
    return text + "\nFIGURES\n" + figures()
  }
}

/// A thread that somebody looks at, whatever kind it is.
struct WatchedThread: Sendable {
  /// What is seen of it now.
  struct State {
    var sample: StallDetector.Sample
    /// In words.
    var doing: String
    var thread: pthread_t
  }

  let name: String
  let limits: StallDetector.Limits
  /// `nil` when the thread does not run.
  let look: @Sendable () -> State?
  /// Told when it stands and when it goes on.
  let stands: @Sendable (Bool) -> Void

  /// A loop: asked to answer a message at each look. When that lies there unanswered, the loop stands, wherever it is.
  static func loop(_ loop: ServiceLoop, _ limits: StallDetector.Limits) -> WatchedThread {
    let answered = Counter()
    let asked = Counter()
    return WatchedThread(name: loop.configuration.name, limits: limits) {
      let heartbeat = loop.load.heartbeat
      guard let thread = heartbeat.thread, let cpu = heartbeat.cpuMicroseconds else { return nil }
      let progress = answered.value
      // One question at a time: a loop that stands gets no heap of them. A mailbox that is full asks as well.
      if asked.value == progress, loop.post({ _ in answered.add() }) { asked.add() }
      return State(
        sample: .init(progress: progress, cpu: .microseconds(Int64(cpu))), doing: "\(heartbeat.step)", thread: thread)
    } stands: {
      loop.load.setStanding($0)
    }
  }

  static func acceptor(_ acceptor: Acceptor, _ limits: StallDetector.Limits) -> WatchedThread {
    WatchedThread(name: "acceptor", limits: limits) {
      let heartbeat = acceptor.counts.heartbeat
      guard let thread = heartbeat.thread, let cpu = heartbeat.cpuMicroseconds else { return nil }
      let rounds = heartbeat.rounds
      return State(
        sample: .init(progress: rounds % 2 == 1 ? rounds : nil, cpu: .microseconds(Int64(cpu))),
        doing: "\(heartbeat.step)", thread: thread)
    } stands: { _ in
    }
  }

  /// The threads of a pool.
  static func workers(
    of pool: WorkerPool, _ name: String, _ limits: StallDetector.Limits,
    where isWatched: @escaping @Sendable () -> Bool = { true }
  ) -> [WatchedThread] {
    (0..<pool.threadCount).map { index in
      WatchedThread(name: "\(name) \(index)", limits: limits) {
        let states = pool.workerStates
        guard states.indices.contains(index), let thread = states[index].thread,
          let cpu = states[index].cpuMicroseconds
        else { return nil }
        let state = states[index]
        return State(
          sample: .init(
            progress: state.kind == nil || !isWatched() ? nil : state.pieces, cpu: .microseconds(Int64(cpu))),
          doing: state.kind.map { "\($0)" } ?? "nothing", thread: thread)
      } stands: { _ in
      }
    }
  }
}

/// A number that several threads see.
private final class Counter: Sendable {
  private let cell = Atomic<UInt64>(0)

  var value: UInt64 { cell.load(ordering: .relaxed) }
  func add() { cell.add(1, ordering: .relaxed) }
}
