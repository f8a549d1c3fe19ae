import CallCore
import CallDriver
import Logging
import WebSockets
import Threads

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
        self?.look(at: Timestamp(microseconds: Int64(MonotonicClock.now())))
      }
    }
  }

  /// Looks no more; waits for the look that goes on.
  func stop() {
    stopped.open()
    runner.finish()
  }

  private func look(at now: Timestamp) {
    var lost: (name: String, seen: WatchedThread.State, time: CallDuration, cause: StallDetector.Cause)?
    for index in state.withLock({ $0.threads.indices }) {
      let thread = state.withLock { $0.threads[index].thread }
      guard let seen = thread.look() else { continue }
      let verdict = state.withLock { $0.threads[index].detector.look(seen.sample, at: now) }
      switch verdict {
      case .goesOn: noteGoing(thread)
      case .stands(let time): noteStanding(thread, seen, time)
      case .isLost(let time, let cause):
        noteStanding(thread, seen, time)
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

  private func noteGoing(_ thread: WatchedThread) {
    guard state.withLock({ $0.standing.removeValue(forKey: thread.name) }) != nil else { return }
    thread.stands(false)
    log.warning("the thread \(thread.name) goes on")
  }

  private func noteStanding(_ thread: WatchedThread, _ seen: WatchedThread.State, _ time: CallDuration) {
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
