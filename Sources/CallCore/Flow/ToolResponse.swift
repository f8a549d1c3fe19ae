/// What became of a tool request.
public enum ToolResponse: Sendable, Equatable {
  /// An HTTP status of 200 … 299. `values` holds what the body had at each of `ToolRequest.wanted`,
  /// by path; a path that
  /// was not there is absent.
  case answered(status: Int, values: [String: String])
  /// Any other status, no connection, or a body that could not be read, in a few words.
  case failed(String)
  /// No answer within `ToolRequest.timeout`.
  case timedOut
}

extension ToolResponse {
  /// A few words for the timeline, without anything the body held.
  var summary: String {
    switch self {
    case .answered(let status, _): "status \(status)"
    case .failed(let why): "failed: \(why)"
    case .timedOut: "timed out"
    }
  }
}
