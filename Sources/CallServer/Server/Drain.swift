package import CallCore

/// How a server goes out of service. A value that is told the time.
///
/// First comes the lame duck: `/readyz` says 503, so that balancers send calls elsewhere, and calls that come all the same are taken. Then
/// calls are refused, and those that are up go on.
package struct Drain: Sendable {
  /// How far it is. The raw values stand in the answer of `PUT /api/drain`.
  package enum Phase: String, Sendable, CaseIterable {
    /// In service.
    case serving
    /// `/readyz` says 503, and calls are taken.
    case lameDuck = "lame-duck"
    /// Calls are refused.
    case draining
  }

  private var lameDuckEnd: Timestamp?
  private var isFinal = false

  /// In service.
  package init() {}

  /// How far it is at `now`.
  package func phase(at now: Timestamp) -> Phase {
    guard let lameDuckEnd else { return .serving }
    return now < lameDuckEnd ? .lameDuck : .draining
  }

  /// Begins. Only the first time counts: a lame duck does not become longer.
  /// - Parameters:
  ///   - lameDuck: how long calls are still taken, zero and up.
  ///   - isFinal: whether the process ends after it, so that there is no way back.
  package mutating func begin(lameDuck: CallDuration, isFinal: Bool, at now: Timestamp) {
    lameDuckEnd = lameDuckEnd ?? now + lameDuck
    self.isFinal = self.isFinal || isFinal
  }

  /// Ends the lame duck at once, for good; begins where nothing has begun.
  package mutating func refuseCalls(at now: Timestamp) {
    lameDuckEnd = min(lameDuckEnd ?? now, now)
    isFinal = true
  }

  /// Brings the server back into service.
  /// - Returns: whether that could be; a process that ends cannot.
  package mutating func cancel() -> Bool {
    guard !isFinal else { return false }
    lameDuckEnd = nil
    return true
  }
}
