import CallCore
import JSON
import Formats
import WebSockets

/// Why a request for speech is not answered as it wishes; written in the shape that its clients know.
struct SpeechRefusal: Error {
  /// Whose errors.
  enum Shape {
    /// OpenAI's.
    case openAI
    /// RFC 9457.
    case problem
  }

  var fault: OpenAIFault
  var retryAfterSeconds: Int?

  init(_ fault: OpenAIFault, retryAfterSeconds: Int? = nil) {
    self.fault = fault
    self.retryAfterSeconds = retryAfterSeconds
  }

  init(_ status: Int, _ message: String, parameter: String? = nil, code: String? = nil, retryAfterSeconds: Int? = nil) {
    self.init(
      OpenAIFault(status, message, parameter: parameter, code: code), retryAfterSeconds: retryAfterSeconds)
  }

  /// What an engine could not do; files are told of by their names alone.
  init(_ error: EngineError) {
    let what = error.description.withoutFolders
    switch error {
    case .unsupported: self.init(400, what)
    case .overloaded, .timedOut: self.init(503, what, code: "overloaded", retryAfterSeconds: 3)
    case .remote: self.init(503, what, code: "engine_failed", retryAfterSeconds: 5)
    case .modelUnavailable, .library, .crashed:
      self.init(500, "the speech engine failed: \(what)", code: "engine_failed")
    }
  }

  /// Nobody was free for too long.
  static let expired = SpeechRefusal(
    503, "the speech engines are busy with calls; try again in some seconds", code: "overloaded", retryAfterSeconds: 5)
  /// All places are taken.
  static let full = SpeechRefusal(
    503, "too many requests for speech are going on; try again in some seconds", code: "overloaded",
    retryAfterSeconds: 3)

  /// One client has its share of them.
  static let share = SpeechRefusal(
    429, "too many requests for speech of this key or address are going on; try again in some seconds",
    code: "rate_limit_exceeded", retryAfterSeconds: 3)

  func response(_ shape: Shape) -> HTTPResponse {
    var response: HTTPResponse
    switch shape {
    case .openAI: response = .json(fault.json, status: fault.status)
    case .problem: response = .problem(status: fault.status, detail: fault.message)
    }
    if let retryAfterSeconds { response.headers.append(("retry-after", String(retryAfterSeconds))) }
    return response
  }
}
