import CallCore
import WebSockets

/// How a call of the load came to its end.
enum CallEnd: Equatable {
  /// It ran its course, whatever the flow made of it.
  case completed
  /// The server had no line free: 503.
  case refused(retryAfterSeconds: Int?)
  /// Nobody answered at the target's address.
  case unreachable(String)
  /// Anything else that should not be.
  case failed(String)
  /// The plan was over; the generator hung up.
  case cutOff

  /// What the handshake came to.
  init(_ failure: WebSocketClientFailure) {
    switch failure {
    case .refused(503, let seconds, _): self = .refused(retryAfterSeconds: seconds)
    case .refused(let status, _, _): self = .failed("status \(status)")
    case .unreachable(let why): self = .unreachable(why.isEmpty ? "not reached" : "not reached: \(why)")
    case .timedOut: self = .unreachable("no answer to the handshake")
    case .invalidURL: self = .failed("not an address of a call")
    }
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
