import CallDriver
import Glibc
import Threads

/// Ctrl-C and SIGTERM, waited for by one thread instead of interrupting all.
enum StopSignal {
  /// Must be called before any thread is started: threads inherit that the signals are blocked.
  static func block() {
    var signals = Self.signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Lets the next signal end the process at once, one that waits included.
  static func unblock() {
    var signals = Self.signals
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Waits until the process is told to stop.
  /// - Returns: the signal.
  static func wait() -> Int32 {
    var signals = Self.signals
    var signal: Int32 = 0
    while sigwait(&signals, &signal) != 0 {}
    return signal
  }

  /// Whether the process was told to stop, without waiting longer than `milliseconds`.
  static func isReceived(within milliseconds: Int) -> Bool {
    var signals = Self.signals
    var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
    return sigtimedwait(&signals, nil, &time) > 0
  }

  /// Works on a thread of its own, and waits until that is done.
  /// - Parameters:
  ///   - work: must end soon after `stop`.
  ///   - stop: called whenever the process is told to stop.
  static func whileWorking(_ work: @escaping @Sendable () -> Void, stop: () -> Void) {
    let end = Promise<Void>()
    let pool = WorkerPool(threadCount: 1, niceness: 0)
    let isTaken = pool.submit(.waitedFor) {
      work()
      end.fulfill(())
    }
    precondition(isTaken, "a new pool takes work")
    while end.value == nil {
      if isReceived(within: 50) { stop() }
    }
    pool.finish()
  }

  /// Sends this process SIGTERM when its standard input ends. What comes in before is thrown away.
  static func raiseWhenInputEnds() {
    do throws(Thread.Failure) {
      try Thread.startDetached("end-of-input") {
        var bytes = [UInt8](repeating: 0, count: 256)
        while true {
          let count = read(STDIN_FILENO, &bytes, bytes.count)
          if count == 0 || (count < 0 && errno != EINTR) { break }
        }
        kill(getpid(), SIGTERM)
      }
    } catch { preconditionFailure("\(error)") }
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    return signals
  }
}
