import Threads
import WebSockets

/// Tries a collector out: for `voiceforge doctor`. Sends a request without spans, which a collector takes and keeps nothing of.
public struct SpanProbe: Sendable {
  /// What is wrong; `nil`: it answers as it should.
  public let trouble: String?
  /// How long the answer took.
  public let took: Duration

  /// Blocks, at most `SpanTimes.answerMax`.
  public init(_ collector: SpanCollector) {
    let client = HTTPClient()
    defer { client.stop() }
    let answer = Promise<Result<HTTPClientResponse, HTTPClientError>>()
    let begun = ContinuousClock.now
    client.send(collector.request([])) { answer.fulfill($0) }
    let outcome = SpanRetry.Outcome(answer.wait())
    took = begun.duration(to: .now)
    switch outcome {
    case .taken: trouble = nil
    case .later(let why, _), .refused(let why): trouble = why
    }
  }
}
