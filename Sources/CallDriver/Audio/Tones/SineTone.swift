/// A sine by its recurrence, `s[n] = turn · s[n − 1] − s[n − 2]`: additions and multiplications alone, so that it is the same on every machine.
package struct SineTone: Sendable {
  private let turn: Double
  private var before = 0.0
  private var now: Double

  /// - Parameters:
  ///   - turn: 2 cos(2πf/r) at r samples a second.
  ///   - first: sin(2πf/r).
  package init(turn: Double, first: Double) { (self.turn, now) = (turn, first) }

  /// The next sample, −1 … 1; the first is 0.
  package mutating func next() -> Double {
    defer { (before, now) = (now, turn * now - before) }
    return before
  }
}
