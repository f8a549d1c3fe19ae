import CallCore

/// How many calls may begin within a short time, so that calls do not go in step.
///
/// A call is quiet while it greets and says goodbye, and its turns lie between. Calls that began together speak together and end together, and where
/// others wait for each line, those begin together, too: one generation after the other asks the speech engines for all they have and then for nothing.
/// So no more calls may begin in a span than would if those that fit began evenly over the length of one, and a third.
struct CallPace: Sendable {
  /// Calls are taken to last no longer, seconds: the longer a call, the smaller is its quiet part.
  private static let lengthMax = 30.0
  /// Calls must have ended before their length counts: until then nothing is known of it.
  private static let endedMin = 8.0
  /// Calls whose length is remembered.
  private static let callsRemembered = 32.0
  /// Beyond an even pace.
  private static let slack = 1.3
  /// So many may begin in a span in any case.
  private static let startsMin = 4.0

  /// Calls that ended, and their length together in seconds, as far as they are remembered.
  private var ended = 0.0
  private var seconds = 0.0

  /// Takes in calls that ended.
  /// - Parameters: 0 and up.
  mutating func learn(ended count: Int, seconds more: Double) {
    guard count > 0 else { return }
    let kept = max(0, 1 - Double(count) / Self.callsRemembered)
    ended = ended * kept + Double(count)
    seconds = seconds * kept + more
  }

  /// Calls that may begin within `span`; infinite while little is known.
  /// - Parameter fitting: calls for which the speech engines have time.
  func startsMax(within span: CallDuration, fitting: Double) -> Double {
    guard ended >= Self.endedMin else { return .infinity }
    let length = min(seconds / ended, Self.lengthMax)
    return max(Self.startsMin, fitting * min(1, span.seconds / max(length, span.seconds) * Self.slack))
  }
}
