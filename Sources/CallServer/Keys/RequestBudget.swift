package import CallCore

/// What may still be done before a wait: a bucket that fills evenly, and holds a minute's worth. A value that is told the time.
package struct RequestBudget: Sendable {
  private let perMinute: Double
  private var left: Double
  private var at: Timestamp

  /// A full budget.
  /// - Parameter perMinute: 1 and up.
  package init(perMinute: Int, at now: Timestamp) {
    self.perMinute = Double(perMinute)
    left = Double(perMinute)
    at = now
  }

  /// Takes one away when there is one.
  /// - Returns: `nil`, or the whole seconds after which there is one again.
  package mutating func take(at now: Timestamp) -> Int? {
    if let wait = wait(at: now) { return wait }
    left = filled(at: now) - 1
    at = max(at, now)
    return nil
  }

  /// The whole seconds until there is one, `nil` when there is.
  package func wait(at now: Timestamp) -> Int? {
    let filled = filled(at: now)
    return filled >= 1 ? nil : max(1, Int(nearest: ((1 - filled) * 60 / perMinute).rounded(.up)))
  }

  /// Whether nothing was taken for so long that it is as good as new.
  package func isFull(at now: Timestamp) -> Bool { filled(at: now) >= perMinute }

  private func filled(at now: Timestamp) -> Double {
    let passed = Double(max(0, (now - at).microseconds)) / 60_000_000
    return min(perMinute, left + passed * perMinute)
  }
}
