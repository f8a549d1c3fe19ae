import CallDriver
import WebSockets

/// Where a thread waits for the answer to its request.
final class RemoteResponse: Sendable {
  typealias Outcome = Result<HTTPClientResponse, HTTPClientError>

  private let outcome = Guarded<Outcome?>(nil)
  private let latch = Latch()

  func put(_ outcome: Outcome) {
    self.outcome.with { $0 = outcome }
    latch.open()
  }

  /// - Parameter limit: beyond the request's own limits, for a name server that keeps the client's thread.
  func wait(within limit: Duration) -> Outcome {
    _ = latch.wait(within: limit)
    return outcome.with { $0 } ?? .failure(.timedOut)
  }
}
