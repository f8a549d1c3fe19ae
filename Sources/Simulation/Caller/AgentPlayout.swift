package import CallCore

/// When the agent's packets are heard, by a client that plays each as soon as it has come and the one before it is over. Knows nothing of
/// what is in them.
package struct AgentPlayout {
  /// When the packets that arrived so far are played to their end.
  package private(set) var playedUntil = Timestamp.zero
  /// Whether an utterance is under way.
  package private(set) var isInUtterance = false
  private var lastHasArrived = true

  package init() {}

  /// Takes in a packet of 20 ms.
  /// - Parameter isLast: whether it is its utterance's last.
  /// - Returns: when it is heard, and whether an utterance begins with it.
  package mutating func receive(isLast: Bool, at now: Timestamp) -> (start: Timestamp, begins: Bool) {
    let start = max(now, playedUntil)
    playedUntil = start + .milliseconds(20)
    lastHasArrived = isLast
    defer { isInUtterance = true }
    return (start, !isInUtterance)
  }

  /// - Returns: when the utterance ended, if it did by now.
  package mutating func endedUtterance(by now: Timestamp) -> Timestamp? {
    guard isInUtterance, lastHasArrived, playedUntil <= now else { return nil }
    isInUtterance = false
    return playedUntil
  }

  /// Drops what is not played yet.
  /// - Returns: whether an utterance was cut off by it.
  package mutating func clear(at now: Timestamp) -> Bool {
    defer { isInUtterance = false }
    playedUntil = min(playedUntil, now)
    lastHasArrived = true
    return isInUtterance
  }
}
