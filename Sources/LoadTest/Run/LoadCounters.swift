import CallCore
import CallDriver
import Threads

/// What the callers' threads report and the conductor reads. Written a few times a call and ten times a second, never for a packet.
final class LoadCounters: Sendable {
  /// Where the calls stand at a moment.
  struct Calls: Equatable {
    /// Taken by the server and not over.
    var up = 0
    /// Begun and not yet taken.
    var connecting = 0
    /// Over, and their place is free again.
    var free = 0
    /// Whether the target seems to be gone: see `goneAfter`.
    var isTargetGone = false
  }

  /// Pause of a line whose call failed, before it calls again: a server in trouble is not to be hammered.
  static let failurePause: UInt64 = 1_000_000
  /// Longest `Retry-After` that is obeyed.
  static let refusalPauseMax: UInt64 = 10_000_000
  /// When nobody could be reached for so long and no call is up, the target is gone.
  static let goneAfter: UInt64 = 5_000_000

  private struct State {
    var figures = LoadFigures()
    var recent = LoadFigures()
    var begun = 0
    var up = 0
    var over = 0
    /// When the places of calls that failed or were refused become free, in microseconds of the clock.
    var resting: [UInt64] = []
    var unreachableSince: UInt64?
  }

  private let state = Locked(State())

  /// A call is about to be placed.
  func begun() {
    state.withLock {
      $0.begun += 1
      $0.figures.offered += 1
    }
  }

  /// The server has taken a call.
  func accepted() {
    state.withLock {
      $0.up += 1
      $0.unreachableSince = nil
    }
  }

  /// A call is over.
  func over(_ end: CallEnd, wasAccepted: Bool, at now: UInt64) {
    state.withLock { state in
      state.over += 1
      if wasAccepted { state.up -= 1 }
      switch end {
      case .completed, .cutOff: break
      case .refused(let seconds):
        let pause = seconds.map { UInt64(clamping: $0) * 1_000_000 } ?? Self.failurePause
        state.resting.append(now + min(max(pause, Self.failurePause), Self.refusalPauseMax))
      case .failed: state.resting.append(now + Self.failurePause)
      case .unreachable:
        state.resting.append(now + Self.failurePause)
        state.unreachableSince = state.unreachableSince ?? now
        return
      }
      if case .failed = end { return }
      state.unreachableSince = nil
    }
  }

  /// Adds what a loop has counted.
  func add(_ figures: LoadFigures) {
    state.withLock {
      $0.figures += figures
      $0.recent += figures
    }
  }

  /// Changes the sums, for callers that do not live on a load loop.
  func change(_ change: (inout LoadFigures) -> Void) { state.withLock { change(&$0.figures) } }

  /// Sums so far.
  var figures: LoadFigures { state.withLock { $0.figures } }

  /// What was added since the last call of this function.
  func takeRecent() -> LoadFigures {
    state.withLock { state in
      defer { state.recent.reset() }
      return state.recent
    }
  }

  /// - Parameter now: the clock.
  func calls(at now: UInt64) -> Calls {
    state.withLock { state in
      state.resting.removeAll { $0 <= now }
      var calls = Calls()
      calls.up = state.up
      calls.connecting = state.begun - state.over - state.up
      calls.free = state.over - state.resting.count
      calls.isTargetGone = state.up == 0 && (state.unreachableSince.map { now > $0 + Self.goneAfter } ?? false)
      return calls
    }
  }
}
