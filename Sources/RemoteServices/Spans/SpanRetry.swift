import Formats
package import WebSockets

/// When a request that failed is sent again, by OTLP's specification: what may pass is tried again after pauses that double, each shortened by chance so
/// that many servers do not come at once; the collector's own `Retry-After` comes first.
public struct SpanRetry: Sendable, Equatable {
  /// Most times that a request is sent.
  public var attemptsMax = 5
  /// The pause after the first.
  public var pauseMin = Duration.seconds(1)
  /// The longest pause, also where a collector wants a longer one.
  public var pauseMax = Duration.seconds(30)

  /// Everything at its default.
  public init() {}

  /// What became of a request.
  package enum Outcome: Equatable, Sendable {
    /// The collector took it, but for so many spans.
    case taken(rejectedSpans: Int, message: String)
    /// It did not, for a reason that may pass.
    case later(String, retryAfter: Duration?)
    /// It never will.
    case refused(String)
  }

  /// What to do next.
  package enum Next: Equatable, Sendable {
    /// Send it once more.
    case again(after: Duration)
    /// It is lost.
    case giveUp
  }

  /// - Parameters:
  ///   - attempt: how often it was sent, from 1.
  ///   - retryAfter: what the collector asked for.
  ///   - chance: drawn; any number.
  package func next(attempt: Int, retryAfter: Duration?, chance: UInt64) -> Next {
    guard attempt < attemptsMax else { return .giveUp }
    if let retryAfter { return .again(after: min(retryAfter, pauseMax)) }
    let whole = min(pauseMin * (1 << min(attempt - 1, 20)), pauseMax)
    // Half of it is certain.
    return .again(after: whole * Int(512 + chance % 513) / 1024)
  }
}

extension SpanRetry.Outcome {
  /// Statuses that may pass (OTLP/HTTP, section "Retryable Response Codes").
  private static let passing: Set = [429, 502, 503, 504]

  /// - Parameter result: what the HTTP client says.
  package init(_ result: Result<HTTPClientResponse, HTTPClientError>) {
    switch result {
    case .success(let response) where (200..<300).contains(response.status):
      let answer = SpanExportResponse(response.body)
      self = .taken(rejectedSpans: answer.rejectedSpans, message: answer.message)
    case .success(let response) where Self.passing.contains(response.status):
      let seconds = response.headers["retry-after"].flatMap { Int($0) }.flatMap { (0...86_400).contains($0) ? $0 : nil }
      self = .later("it answers \(response.status)", retryAfter: seconds.map { .seconds($0) })
    case .success(let response): self = .refused("it answers \(response.status)")
    case .failure(.invalidURL), .failure(.tooLarge), .failure(.forbidden):
      self = .refused("it gives no answer that can be used")
    case .failure(.tls(let why)): self = .later("TLS: \(why)", retryAfter: nil)
    case .failure(.timedOut), .failure(.noAnswer), .failure(.notConnected):
      self = .later("it does not answer in time", retryAfter: nil)
    case .failure(.unreachable), .failure(.lost), .failure(.closedEarly), .failure(.busy), .failure(.cancelled),
      .failure(.stopped):
      self = .later("it cannot be reached", retryAfter: nil)
    }
  }
}
