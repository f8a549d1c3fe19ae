package import CallCore
import Simulation

/// A chart over the time of a run as an SVG of its own: lines, a limit, axes, and words for those who cannot see it.
struct LoadChart {
  struct Series {
    var name: String
    /// Colour, one of those in `web/report/base.css`.
    var tone: String
    var values: [Double?]
  }

  var title: String
  /// Of the values, such as `ms`.
  var unit: String
  /// The least top of the axis, so that noise around nothing is not blown up.
  var least: Double
  /// Decimals of the axis.
  var decimals = 0
  var series: [Series]
  /// Of a threshold; `nil`: none.
  var limit: Double?
  /// End of each second.
  var times: [CallDuration]

  private static let (width, height) = (640.0, 220.0)
  private static let (left, right, top, bottom) = (52.0, 10.0, 10.0, 26.0)
  /// Points of a line. More seconds are drawn together, each point the highest of its seconds, so that no peak is lost.
  static let pointsMax = 600

  func write(to html: inout Markup) {
    html.element("figure", ["class": "chart"]) { html in
      html.element("figcaption") { html in
        html.element("h3", text: title)
        html.element("div", ["class": "keys"]) { html in
          for one in series { html.element("span", ["class": "key \(one.tone)"], text: one.name) }
          if limit != nil { html.element("span", ["class": "key limit"], text: "threshold") }
        }
      }
      html.element(
        "svg",
        ["viewBox": "0 0 \(Self.text(Self.width)) \(Self.text(Self.height))", "role": "img", "aria-label": words]
      ) { html in
        writeAxes(to: &html)
        for one in series { write(one, to: &html) }
        if let limit, limit <= axis.top { writeLine("threshold", at: limit, to: &html) }
      }
    }
  }

  // MARK: - Scale

  private var axis: (top: Double, step: Double) {
    let highest = series.flatMap(\.values).compactMap(\.self).max() ?? 0
    // A limit far above the lines would flatten them.
    let shown = limit.map { $0 <= highest * 3 ? max($0, highest) : highest } ?? highest
    return ChartScale.axis(to: shown, least: least)
  }

  private var length: Double { max(times.last?.seconds ?? 1, 1) }

  private func x(_ time: CallDuration) -> Double {
    Self.left + (Self.width - Self.left - Self.right) * time.seconds / length
  }

  private func y(_ value: Double) -> Double {
    Self.height - Self.bottom - (Self.height - Self.top - Self.bottom) * min(max(value / axis.top, 0), 1)
  }

  // MARK: - Parts

  private func writeAxes(to html: inout Markup) {
    var value = 0.0
    while value <= axis.top + axis.step / 2 {
      writeLine("grid", at: value, to: &html)
      html.element(
        "text", ["class": "tick", "x": Self.text(Self.left - 6), "y": Self.text(y(value) + 4), "text-anchor": "end"],
        text: LoadText.decimals(value, decimals))
      value += axis.step
    }
    let step = ChartScale.timeStep(for: .microseconds(Int64(length * 1_000_000)))
    for mark in stride(from: 0, through: Int(length), by: step) {
      html.element(
        "text",
        [
          "class": "tick", "x": Self.text(x(.seconds(mark))), "y": Self.text(Self.height - 8), "text-anchor": "middle",
        ], text: LoadText.clock(.seconds(mark)))
    }
  }

  /// From side to side.
  private func writeLine(_ kind: String, at value: Double, to html: inout Markup) {
    let (left, right, height) = (Self.text(Self.left), Self.text(Self.width - Self.right), Self.text(y(value)))
    html.empty("line", ["class": kind, "x1": left, "x2": right, "y1": height, "y2": height])
  }

  /// A break in the line where nothing was measured; a second alone is a dot.
  private func write(_ one: Series, to html: inout Markup) {
    var path = ""
    var isDrawing = false
    for (time, value) in Self.thinned(times, one.values) {
      if let value {
        path += "\(isDrawing ? "L" : "M")\(Self.text(x(time))) \(Self.text(y(value)))"
        if !isDrawing { path += "h0" }
        isDrawing = true
      } else {
        isDrawing = false
      }
    }
    guard !path.isEmpty else { return }
    html.empty("path", ["class": "series \(one.tone)", "d": path])
  }

  static func thinned(_ times: [CallDuration], _ values: [Double?]) -> [(CallDuration, Double?)] {
    let group = max((times.count + pointsMax - 1) / pointsMax, 1)
    return stride(from: 0, to: times.count, by: group).map { start in
      let end = min(start + group, times.count)
      return (times[end - 1], values[start..<end].compactMap(\.self).max())
    }
  }

  /// Such as `Turn latency in ms over 1:30. p50: up to 612; p95: up to 930.`
  private var words: String {
    let parts = series.map { one in
      "\(one.name): up to \(one.values.compactMap(\.self).max().map { LoadText.decimals($0, decimals) } ?? "nothing")"
    }
    let over = LoadText.clock(times.last ?? .zero)
    return "\(title)\(unit.isEmpty ? "" : " in \(unit)") over \(over). \(parts.joined(separator: "; "))."
  }

  private static func text(_ value: Double) -> String { LoadText.decimals(value, 1) }
}

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
