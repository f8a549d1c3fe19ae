package import CallCore

/// Round numbers for the axes of a chart.
package enum ChartScale {
  /// The top of an axis that begins at 0 and its step, so that there are three to six steps.
  /// - Parameter highest: value to be shown; 0 and below gives an axis up to `least`.
  package static func axis(to highest: Double, least: Double) -> (top: Double, step: Double) {
    let wanted = max(highest, least)
    var step = least / 4
    for factor in factors where factor * least / 4 * 5 >= wanted {
      step = factor * least / 4
      break
    }
    return ((wanted / step).rounded(.up) * step, step)
  }

  /// 1, 2, 5, 10, 20, 50 … up to 10⁹.
  private static let factors: [Double] = {
    var factors: [Double] = []
    var decade = 1.0
    while decade <= 1e9 {
      factors += [decade, decade * 2, decade * 5]
      decade *= 10
    }
    return factors
  }()

  /// Seconds between two marks of a time axis, so that there are at most eight.
  package static func timeStep(for length: CallDuration) -> Int {
    let steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]
    return steps.first { length.seconds / Double($0) <= 8 } ?? 86_400
  }
}
