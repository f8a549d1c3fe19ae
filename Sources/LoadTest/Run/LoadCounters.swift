import CallCore
import CallDriver
import JSON
import Threads
package import WebSockets

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
  func countBegun() {
    state.withLock {
      $0.begun += 1
      $0.figures.offered += 1
    }
  }

  /// The server has taken a call.
  func countAccepted() {
    state.withLock {
      $0.up += 1
      $0.unreachableSince = nil
    }
  }

  func countEnd(_ end: CallEnd, wasAccepted: Bool, at now: UInt64) {
    state.withLock { state in
      state.over += 1
      if wasAccepted { state.up -= 1 }
      switch end {
      case .completed, .cutOff: break
      case .refused(let seconds, _):
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

/// How a call of the load came to its end.
package enum CallEnd: Equatable {
  /// It ran its course, whatever the flow made of it.
  case completed
  /// The server took no call: 503, and why, if it says so.
  case refused(retryAfterSeconds: Int?, reason: String?)
  /// Nobody answered at the target's address.
  case unreachable(String)
  /// Anything else that should not be.
  case failed(String)
  /// The plan was over; the generator hung up.
  case cutOff

  /// What the handshake came to.
  package init(_ failure: WebSocketClientFailure) {
    switch failure {
    case .refused(503, let seconds, let body):
      self = .refused(retryAfterSeconds: seconds, reason: Self.reason(in: body))
    case .refused(let status, _, _): self = .failed("status \(status)")
    case .unreachable(let why): self = .unreachable(why.isEmpty ? "not reached" : "not reached: \(why)")
    case .timedOut: self = .unreachable("no answer to the handshake")
    case .invalidURL: self = .failed("not an address of a call")
    }
  }

  /// Longest reason of a refusal that is kept, in characters.
  private static let reasonMax = 60

  /// Why a call was refused, of a problem document (RFC 9457): our server begins with the name of a limit and a colon. What others write
  /// is kept without marks, which a terminal might obey.
  private static func reason(in body: [UInt8]) -> String? {
    // Something else than our server may answer there: then there is no problem document.
    do throws(JSONFault) {
      guard let detail = try JSONValue(parsing: body).text(at: "detail") else { return nil }
      let name = detail.prefix { $0 != ":" }
      if !name.isEmpty, name.count < min(detail.count, reasonMax),
        name.allSatisfy({ $0 == "-" || ("a"..."z").contains($0) })
      {
        return String(name)
      }
      let reason = detail.prefix(reasonMax).filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
      return reason.isEmpty ? nil : reason
    } catch { return nil }
  }

  /// What the server says of the end.
  init(_ reason: CloseReason) {
    switch reason {
    case .completed, .callerHungUp, .noInput, .noMatch, .transferred: self = .completed
    case .callerVanished, .engineFailed, .timeLimit, .protocolError, .serverShutdown, .refused:
      self = .failed("ended: \(reason.rawValue)")
    }
  }
}
