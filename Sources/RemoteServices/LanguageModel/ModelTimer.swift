import Threads

/// Calls back when a time is over, on a thread of its own, which runs from the first `set` on until `stop`.
final class ModelTimer: Sendable {
  private struct Entry {
    var deadline: Deadline
    var run: @Sendable () -> Void
  }

  private struct State {
    var entries: [UInt64: Entry] = [:]
    /// Counts the changes of `entries`.
    var version = 0
    var isRunning = false
    var isStopped = false
  }

  private let state = Monitor(State())

  /// Calls `run` once at `deadline`, in place of what was set for `id` before.
  /// - Returns: false when it is stopped, or the machine has no thread for it; `run` is not called then.
  func set(_ id: UInt64, at deadline: Deadline, _ run: @escaping @Sendable () -> Void) -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      if !state.isRunning {
        do throws(Thread.Failure) { try Thread.startDetached("model-timer") { [self] in watch() } } catch {
          return false
        }
        state.isRunning = true
      }
      state.entries[id] = Entry(deadline: deadline, run: run)
      state.version += 1
      return true
    }
  }

  /// What was set for `id` is not called any more, unless it is being called.
  func clear(_ id: UInt64) { state.withLock { $0.entries[id] = nil } }

  /// Nothing more is called, and the thread ends.
  /// - Returns: what was set and is not called any more.
  func stop() -> [@Sendable () -> Void] {
    state.withLock { state in
      state.isStopped = true
      defer { state.entries = [:] }
      return state.entries.values.map(\.run)
    }
  }

  private func watch() {
    while true {
      let (version, next) = state.read { ($0.version, $0.entries.values.map(\.deadline).min()) }
      let isStopped = state.wait(until: next) { state in
        state.isStopped ? true : state.version != version ? false : nil
      }
      if isStopped == true { return }
      let due = state.withLock { state in
        let due = state.entries.filter { $0.value.deadline.isOver }
        for id in due.keys { state.entries[id] = nil }
        return due.values.map(\.run)
      }
      for run in due { run() }
    }
  }
}
