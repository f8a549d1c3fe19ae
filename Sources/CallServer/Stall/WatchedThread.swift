import CallCore
import CallDriver
import Glibc
import Synchronization
import WebSockets

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
