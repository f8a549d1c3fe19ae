import RemoteServices
import Testing
import WebSockets

@Suite("When spans are sent once more")
struct SpanRetryTests {
  private static let retry = SpanRetry()

  private static func outcome(_ status: Int, headers: [String: String] = [:]) -> SpanRetry.Outcome {
    SpanRetry.Outcome(.success(HTTPClientResponse(status: status, headers: headers)))
  }

  @Test("pauses double up to a limit, and chance takes at most half of each")
  func pauses() {
    var patient = SpanRetry()
    patient.attemptsMax = 100
    for (attempt, seconds) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (50, 30)] {
      #expect(patient.next(attempt: attempt, retryAfter: nil, chance: 0) == .again(after: .milliseconds(500 * seconds)))
      #expect(patient.next(attempt: attempt, retryAfter: nil, chance: 512) == .again(after: .seconds(seconds)))
    }
  }

  @Test("what is not taken five times is lost")
  func attempts() {
    #expect(Self.retry.next(attempt: 4, retryAfter: nil, chance: 0) != .giveUp)
    #expect(Self.retry.next(attempt: 5, retryAfter: nil, chance: 0) == .giveUp)
    #expect(Self.retry.next(attempt: 5, retryAfter: .zero, chance: 0) == .giveUp)
  }

  @Test("a collector says how long, within the limit", arguments: [(0, 0), (7, 7), (3600, 30)])
  func retryAfter(wanted: Int, waited: Int) {
    #expect(Self.retry.next(attempt: 1, retryAfter: .seconds(wanted), chance: 9) == .again(after: .seconds(waited)))
  }

  @Test("these answers may pass", arguments: [429, 502, 503, 504])
  func later(status: Int) {
    #expect(Self.outcome(status) == .later("it answers \(status)", retryAfter: nil))
    #expect(
      Self.outcome(status, headers: ["retry-after": "3"]) == .later("it answers \(status)", retryAfter: .seconds(3)))
    // A date, a wrong one and one of the next century say nothing.
    for text in ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "99999999999"] {
      #expect(Self.outcome(status, headers: ["retry-after": text]) == .later("it answers \(status)", retryAfter: nil))
    }
  }

  @Test("these never will", arguments: [301, 400, 401, 404, 413, 500])
  func refused(status: Int) { #expect(Self.outcome(status) == .refused("it answers \(status)")) }

  @Test("an answer of success takes them", arguments: [200, 202, 204])
  func taken(status: Int) { #expect(Self.outcome(status) == .taken(rejectedSpans: 0, message: "")) }

  private static let passing: [HTTPClientError] = [
    .timedOut, .unreachable("no"), .lost("no"), .notConnected(within: .seconds(1)), .closedEarly, .tls("no"),
  ]

  @Test("a connection that fails may do better", arguments: passing)
  func connection(error: HTTPClientError) {
    guard case .later = SpanRetry.Outcome(.failure(error)) else { return #expect(Bool(false), "\(error)") }
  }

  @Test("an answer that is too long is none")
  func tooLong() {
    #expect(SpanRetry.Outcome(.failure(.tooLarge(limit: 1))) == .refused("it gives no answer that can be used"))
  }
}
