import CallCore
import WebSockets
package import Wires

/// Why a provider's REST API did not do what it was asked. None of them holds a secret.
package enum DialFault: Error, Sendable, Equatable {
  /// There was no connection to it, so it was asked for nothing.
  case notConnected(String)
  /// It went away before it answered. Whether it did what it was asked is not known.
  case unreachable(String)
  /// It did not answer in time. Whether the call was placed is not known.
  case timedOut
  /// The account or its token is wrong; `account`: its SID.
  case unauthorized(account: String, TwilioProblem)
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
    case .timedOut, .noAnswer: self = .timedOut
    case .notConnected(let limit): self = .notConnected("no connection within \(limit)")
    case .unreachable(let why), .tls(let why): self = .notConnected(why)
    case .lost(let why): self = .unreachable(why)
    case .tooLarge(let limit): self = .malformed("more than \(limit) bytes")
    case .closedEarly: self = .malformed("it broke off")
    case .busy: self = .notConnected("too many requests are under way")
    case .cancelled, .stopped: self = .unreachable("the server is going down")
    case .forbidden, .invalidURL: self = .unreachable("TWILIO_BASE_URL is no address that can be asked")
    }
  }

  /// What an answer that is no success says.
  init(_ response: HTTPClientResponse, _ problem: TwilioProblem, account: String) {
    switch response.status {
    case 401, 403: self = .unauthorized(account: account, problem)
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
    case .notConnected, .unreachable, .timedOut, .rateLimited, .serviceError, .malformed: true
    case .unauthorized, .rejected, .gone: false
    }
  }

  /// Whether a call that was asked for surely was not placed, for a reason that has nothing to do with it: asked for later, it may be.
  var isOfTheMoment: Bool {
    switch self {
    case .notConnected, .rateLimited: true
    case .unreachable, .timedOut, .serviceError, .malformed, .unauthorized, .rejected, .gone: false
    }
  }

  /// When the provider wants to be asked again, where it says that.
  var retryAfter: CallDuration? {
    if case .rateLimited(let seconds?, _) = self { .seconds(min(max(seconds, 0), Self.retryAfterMax)) } else { nil }
  }

  /// Longest wait that is believed.
  private static let retryAfterMax = 3600
}

extension DialFault: CustomStringConvertible {
  /// What happened and what to do.
  package var description: String {
    switch self {
    case .notConnected(let why), .unreachable(let why): "Twilio's REST API cannot be reached: \(why)"
    case .timedOut: "Twilio's REST API did not answer in time"
    case .unauthorized(let account, let problem):
      "Twilio's REST API refused the account \(account)\(problem.words); give it its right token, or its right API key and secret"
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
