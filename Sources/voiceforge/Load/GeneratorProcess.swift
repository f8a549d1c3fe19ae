import CallDriver
import CallServer
import CallWire
import Glibc
import WebSockets
import Threads

/// A `voiceforge load` that loads the server in this process: reads what it prints, ends it, and says how it ended. It ends with this
/// process, however that ends, because its standard input is a pipe from here.
final class GeneratorProcess: RunningLoad {
  /// How long it may take to hang up and tell what it found when it is to stop, in microseconds: its report takes a second.
  private static let stopMax: UInt64 = 8_000_000
  /// The same when the server goes down, and nobody reads what it found.
  private static let endMax: UInt64 = 1_000_000
  /// How long it may go on when it has closed its output.
  private static let lingerMax: UInt64 = 2_000_000
  /// How often it is looked whether it is to be ended by force, in milliseconds.
  private static let look: Int32 = 100

  private struct State {
    var isOver = false
    /// Closed once it is to stop.
    var input: Int32?
    /// When it is ended by force, in microseconds of `MonotonicClock`.
    var killAt = UInt64.max
  }

  private let child: ChildProgram
  private let state: Locked<State>

  /// - Parameters:
  ///   - arguments: of the program, its command first.
  ///   - key: for the server.
  init(_ arguments: [String], key: String?) throws(LoadGeneratorFault) {
    // Not among the arguments, which everybody on the machine can read.
    child = try ChildProgram(arguments, variables: key.map { [Settings.keyName: $0] } ?? [:], readsErrors: true)
    state = Locked(State(input: child.input))
  }

  func stop() { stop(within: Self.stopMax) }

  func end() {
    stop(within: Self.endMax)
    while !state.withLock({ $0.isOver }) { usleep(10_000) }
  }

  private func stop(within time: UInt64) {
    state.withLock { state in
      if let input = state.input { close(input) }
      state.input = nil
      state.killAt = min(state.killAt, MonotonicClock.now() + time)
    }
  }

  // MARK: - Reading

  /// Reads until it has ended; must be called once.
  /// - Returns: why it did not end well; `nil`: it told its result.
  func follow(_ tell: (LoadEvent) -> Void) -> String? {
    var hearing = LoadEventReader()
    var open = [child.output, child.errors].compactMap(\.self)
    var piece = [UInt8](repeating: 0, count: 65_536)
    while !open.isEmpty {
      var waited = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      poll(&waited, nfds_t(waited.count), Self.look)
      killIfDue()
      for one in waited where one.revents != 0 {
        let count = read(one.fd, &piece, piece.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 {
          open.removeAll { $0 == one.fd }
        } else if one.fd == child.errors {
          hearing.hearError(piece[..<count])
        } else {
          hearing.hear(piece[..<count], tell)
        }
      }
      if hearing.fault != nil { stop(within: 0) }
    }
    return hearing.problem(with: awaitEnd())
  }

  private func killIfDue() {
    state.withLock { state in
      guard !state.isOver, MonotonicClock.now() >= state.killAt else { return }
      kill(child.id, SIGKILL)
    }
  }

  /// - Returns: its status as `waitpid` gives it.
  private func awaitEnd() -> Int32 {
    stop(within: Self.lingerMax)
    var status: Int32 = 0
    while waitpid(child.id, &status, WNOHANG) == 0 {
      killIfDue()
      usleep(10_000)
    }
    close(child.output)
    if let errors = child.errors { close(errors) }
    state.withLock { $0.isOver = true }
    return status
  }
}
