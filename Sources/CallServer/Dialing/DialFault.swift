import WebSockets
package import Wires

/// Why a provider's REST API did not do what it was asked. None of them holds a secret.
package enum DialFault: Error, Sendable, Equatable {
  /// There is no way to it, or it went away before it answered.
  case unreachable(String)
  /// It did not answer in time. Whether the call was placed is not known.
  case timedOut
  /// The account or its token is wrong.
  case unauthorized(TwilioProblem)
  /// Too many requests; it says when the next one may come, where it says that.
  case rateLimited(retryAfterSeconds: Int?, TwilioProblem)
  /// It does not do what was asked: a number that is none of the account's, a country that is not enabled.
  case rejected(status: Int, TwilioProblem)
  /// It is in trouble itself.
  case serviceError(status: Int, TwilioProblem)
  /// Its answer makes no sense.
  case malformed(String)
  /// The call is not there any more: it is over.
  case gone

  /// Why a request got no answer at all.
  init(_ error: HTTPClientError) {
    switch error {
    case .timedOut, .notConnected, .noAnswer: self = .timedOut
    case .unreachable(let why), .tls(let why): self = .unreachable(why)
    case .tooLarge(let limit): self = .malformed("more than \(limit) bytes")
    case .closedEarly: self = .malformed("it broke off")
    case .busy: self = .unreachable("too many requests are under way")
    case .cancelled, .stopped: self = .unreachable("the server is going down")
    case .forbidden, .invalidURL: self = .unreachable("TWILIO_BASE_URL is no address that can be asked")
    }
  }

  /// What an answer that is no success says.
  init(_ response: HTTPClientResponse, _ problem: TwilioProblem) {
    switch response.status {
    case 401, 403: self = .unauthorized(problem)
    case 404 where problem.code == TwilioRest.notFound: self = .gone
    case 429:
      self = .rateLimited(retryAfterSeconds: response.headers["retry-after"].flatMap { Int($0) }, problem)
    case 500...: self = .serviceError(status: response.status, problem)
    default: self = .rejected(status: response.status, problem)
    }
  }

  /// Whether asking again may help; it is never done for a call that is to be placed, which might then ring twice.
  var mayPass: Bool {
    switch self {
    case .unreachable, .timedOut, .rateLimited, .serviceError, .malformed: true
    case .unauthorized, .rejected, .gone: false
    }
  }
}

extension DialFault: CustomStringConvertible {
  /// What happened and what to do.
  package var description: String {
    switch self {
    case .unreachable(let why): "Twilio's REST API cannot be reached: \(why)"
    case .timedOut: "Twilio's REST API did not answer in time"
    case .unauthorized(let problem):
      "Twilio's REST API refused the account\(problem.words); look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
    case .rateLimited(let seconds, let problem):
      "Twilio's REST API takes no more requests now\(problem.words)"
        + (seconds.map { "; it says: again in \($0) s" } ?? "")
    case .rejected(let status, let problem):
      "Twilio's REST API refused the request with status \(status)\(problem.words)"
    case .serviceError(let status, let problem):
      "Twilio's REST API failed with status \(status)\(problem.words)"
    case .malformed(let what): "Twilio's REST API gave an answer that makes no sense: \(what)"
    case .gone: "the call is over at Twilio"
    }
  }
}

extension TwilioProblem {
  /// Such as ` (21211: The 'To' number is not a valid phone number)`; empty when it said nothing.
  fileprivate var words: String {
    let parts = [code.map { "\($0)" }, message.isEmpty ? nil : message].compactMap { $0 }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ": ")))"
  }
}
