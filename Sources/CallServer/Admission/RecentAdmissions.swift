import CallCore
import DequeModule

/// When calls were admitted lately: they will cost something, but it does not show yet.
struct RecentAdmissions: Sendable {
  /// Longest time that anybody asks about.
  static let span = CallDuration.seconds(8)
  /// Most starts that are known. Beyond it the oldest is forgotten early.
  static let countMax = 4096

  private var instants: Deque<Timestamp> = []

  mutating func add(_ now: Timestamp) {
    if instants.count >= Self.countMax { instants.removeFirst() }
    instants.append(now)
  }

  mutating func forget(at now: Timestamp) {
    instants.removeFirst(instants.firstIndex { now - $0 < Self.span } ?? instants.count)
  }

  /// Starts less than `age` ago.
  func count(within age: CallDuration, at now: Timestamp) -> Int {
    instants.count - (instants.firstIndex { now - $0 < age } ?? instants.count)
  }
}
