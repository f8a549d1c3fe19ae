import Simulation
import WebSockets
import Wires

extension CallFailure {
  /// Statuses of a server that is there and takes no call now, or none from us.
  private static let refusals: Set = [401, 403, 429, 503]

  /// Why no connection to a bot of others came about, and what to do.
  /// - Parameter wire: the bot's.
  init(toBot failure: WebSocketClientFailure, over wire: CallWire) {
    let reason = CallerReport.Failure.notConnected(failure)
    if case .refused(let status, _, let body) = failure {
      let why = CallerReport.Failure.detail(in: body) ?? "it answered with status \(status)"
      self =
        Self.refusals.contains(status)
        ? .refused(code: String(status), message: "\(why); look at the bot's log, or correct its key or signature")
        : .unreachable("\(why) (\(status)); the address is that of \(wire.addressHint)")
    } else {
      self = .unreachable("\(reason); start the bot, or correct --target")
    }
  }

  /// Why no connection came about, and what to do.
  init(_ failure: WebSocketClientFailure) {
    let reason = CallerReport.Failure.notConnected(failure)
    switch failure {
    case .refused(let status, let seconds, let body) where Self.refusals.contains(status):
      let why = CallerReport.Failure.detail(in: body) ?? "it answered with status \(status)"
      let advice = seconds.map { "try again in \($0) s, or" } ?? "look at its log, or try"
      self = .refused(code: String(status), message: "\(why); \(advice) with fewer --jobs")
    case .refused:
      self = .unreachable("\(reason); calls of VoiceForge are placed at ws://HOST:PORT/v1/call")
    case .invalidURL: self = .unreachable("\(reason)")
    case .unreachable, .timedOut:
      self = .unreachable("\(reason); start a server there with `voiceforge serve`, or correct --target")
    }
  }

  /// The connection ended before the other side ended the call.
  static func closed(code: Int, reason: String, by side: String = "server") -> CallFailure {
    // 1005 and 1006 (RFC 6455, 7.4.1) stand for a connection that ended without a code of either side.
    let how = (1005...1006).contains(code) ? "the \(side) went away without a word" : "close code \(code)"
    return .brokenOff("\(how)\(reason.isEmpty ? "" : ", \(reason)"); look at the \(side)'s log")
  }
}

extension CallWire {
  /// What an address is of, for people.
  fileprivate var addressHint: String {
    switch self {
    case .realtime: "the server's sessions, such as ws://HOST:PORT/v1/realtime?model=NAME"
    case .rtvi: "the WebSocket of Pipecat's runner, such as ws://HOST:PORT/ws"
    default: "the bot's media stream, such as ws://HOST:PORT/ws"
    }
  }
}
