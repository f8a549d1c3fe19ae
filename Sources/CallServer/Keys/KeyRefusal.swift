package import CallCore
import WebSockets

/// Why a request is not answered, as far as keys go.
package enum KeyRefusal: Error, Sendable, Equatable {
  /// No key was given.
  case missing
  /// There is no such key, or no such call token any more.
  case wrong
  /// The key is right, but its time is over.
  case expired
  /// The key is right, but was revoked.
  case revoked
  /// The key is good, but not for this.
  case scope(KeyScope)
  /// The key made all its requests of this minute.
  case rate(retryAfterSeconds: Int)
  /// Too many wrong keys came from this address.
  case throttled(retryAfterSeconds: Int)
  /// The store of keys has not answered since the start, so nobody can say whether the key is right.
  case unknown

  /// In `/metrics`.
  package var name: String {
    switch self {
    case .missing: "missing"
    case .wrong: "wrong"
    case .expired: "expired"
    case .revoked: "revoked"
    case .scope: "scope"
    case .rate: "rate"
    case .throttled: "throttled"
    case .unknown: "unknown"
    }
  }

  /// All of `name`.
  package static let names = ["missing", "wrong", "expired", "revoked", "scope", "rate", "throttled", "unknown"]

  /// 401, 403, 429 or 503 as RFC 9110 and RFC 6750 want them.
  var response: HTTPResponse {
    switch self {
    case .missing:
      Self.unauthorized("this server wants a key: send it as `Authorization: Bearer KEY` or `x-api-key: KEY`", nil)
    case .wrong: Self.unauthorized("there is no such key", "invalid_token")
    case .expired: Self.unauthorized("the key has expired", "invalid_token")
    case .revoked: Self.unauthorized("the key was revoked", "invalid_token")
    case .scope(let scope):
      .problem(status: 403, detail: "the key is not good for this: it lacks the scope \(scope.rawValue)")
    case .rate(let seconds): .later(seconds, status: 429, "the key has made all its requests of this minute")
    case .throttled(let seconds):
      .later(
        seconds, status: 429, "too many wrong keys came from this address; made keys and call tokens go on working")
    case .unknown:
      .later(2, "the keys of this server cannot be read now, so nobody is let in but the holder of VOICE_API_KEY")
    }
  }

  private static func unauthorized(_ detail: String, _ error: String?) -> HTTPResponse {
    var response = HTTPResponse.problem(status: 401, detail: detail)
    let parameter = error.map { ", error=\"\($0)\"" } ?? ""
    response.headers.append(("www-authenticate", "Bearer realm=\"voiceforge\"\(parameter)"))
    return response
  }
}
