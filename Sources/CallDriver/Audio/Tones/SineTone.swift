/// A sine by its recurrence, `s[n] = turn · s[n − 1] − s[n − 2]`: additions and multiplications alone, so that it is the same on every machine.
package struct SineTone: Sendable {
  private let turn: Double
  private var before = 0.0
  private var now: Double

  /// - Parameters:
  ///   - turn: 2 cos(2πf/r) at r samples a second.
  ///   - first: sin(2πf/r).
  package init(turn: Double, first: Double) { (self.turn, now) = (turn, first) }

  /// - Parameters:
  ///   - hertz: less than an eighth of the rate; the series of sine and cosine is exact to the last bit there.
  ///   - rate: samples a second.
  package init(hertz: Int, rate: Int) {
    let angle = 2 * Double.pi * Double(hertz) / Double(rate)
    var (sine, cosine, term) = (0.0, 0.0, 1.0)
    for power in 0..<24 {
      let signed = power % 4 < 2 ? term : -term
      if power.isMultiple(of: 2) { cosine += signed } else { sine += signed }
      term *= angle / Double(power + 1)
    }
    self.init(turn: 2 * cosine, first: sine)
  }

  /// The next sample, −1 … 1; the first is 0.
  package mutating func next() -> Double {
    defer { (before, now) = (now, turn * now - before) }
    return before
  }
}
