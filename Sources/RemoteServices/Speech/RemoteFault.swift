import CallCore
import CallDriver
import WebSockets

/// Why the service gave no answer that can be used.
struct RemoteFault: Error {
  /// Nobody waits for the answer any more.
  static let cancelled = RemoteFault(kind: nil, why: "nobody waits for it any more")

  /// As it is counted; `nil` for what is no failure.
  let kind: RemoteFigures.Failure?
  let why: String
  /// Whether the same request may succeed at once.
  let mayPass: Bool
  /// Whether the request itself was wrong, such as a voice that the service does not have.
  var isOfRequest = false

  init(kind: RemoteFigures.Failure?, why: String, mayPass: Bool = false) {
    (self.kind, self.why, self.mayPass) = (kind, why, mayPass)
  }

  /// What was answered cannot be understood. Asking again would hardly help.
  static func malformed(_ why: String) -> RemoteFault { RemoteFault(kind: .rubbish, why: why) }

  /// No answer. Speaking and transcribing change nothing at the service, so both may be asked for twice; after a time-out there is no
  /// time for that.
  init(_ error: HTTPClientError) {
    switch error {
    case .timedOut: self.init(kind: .late, why: "its answer was not complete in time")
    case .notConnected(let limit):
      self.init(kind: .late, why: "there was no connection within \(limit.milliseconds) ms")
    case .noAnswer(let limit):
      self.init(kind: .late, why: "it began no answer within \(limit.milliseconds) ms")
    case .unreachable(let text), .lost(let text):
      self.init(kind: .unreachable, why: "it cannot be reached (\(text))", mayPass: true)
    case .tls(let text): self.init(kind: .unreachable, why: "its TLS cannot be trusted (\(text))")
    case .closedEarly: self.init(kind: .unreachable, why: "it hung up in the middle of its answer", mayPass: true)
    case .tooLarge(let limit): self = .malformed("its answer has more than \(limit) bytes")
    case .invalidURL, .forbidden: self.init(kind: .unreachable, why: "its address cannot be used")
    case .busy(let limit): self.init(kind: .limited, why: "\(limit) requests to it are under way")
    case .cancelled: self = .cancelled
    case .stopped: self.init(kind: nil, why: "this server stops")
    }
  }

  /// An answer other than 2xx.
  /// - Parameter message: what the service says; empty when nothing.
  init(status: Int, message: String) {
    let said = message.isEmpty ? "" : ": \(message)"
    switch status {
    case 401, 403:
      self.init(
        kind: .refused, why: "it refuses the key of this node (\(status)\(said)); correct VOICEFORGE_SPEECH_KEY")
    case 429: self.init(kind: .limited, why: "it takes no more requests just now (429\(said))")
    case 404:
      self.init(kind: .status, why: "it has nothing there (404\(said)); correct VOICEFORGE_SPEECH_URL")
    case 400..<500:
      self.init(kind: .status, why: "it refuses the request (\(status)\(said))")
      isOfRequest = true
    case 500...: self.init(kind: .status, why: "it failed (\(status)\(said))", mayPass: true)
    default: self = .malformed("it answered with the status \(status)")
    }
  }

  /// Whether it means that no other request would fare better.
  var isOfService: Bool { kind == .unreachable || kind == .refused }

  /// As a call hears of it.
  func error(of service: RemoteService) -> EngineError {
    let text = service.told(service.address.withoutKey(why))
    return isOfRequest ? .unsupported(text) : .remote(text)
  }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
