/// Writes Prometheus' text format, version 0.0.4.
struct MetricsPage {
  private(set) var text = ""

  mutating func counter(_ name: String, _ help: String, _ value: Int) { counters(name, help, [("", value)]) }

  mutating func counter(_ name: String, _ help: String, _ value: Double) {
    write(name, "counter", help, [("", "\(value)")])
  }

  mutating func counters(_ name: String, _ help: String, _ values: [(labels: String, value: Int)]) {
    write(name, "counter", help, values.map { ($0.labels, "\($0.value)") })
  }

  mutating func counters(_ name: String, _ help: String, _ values: [(labels: String, value: Double)]) {
    write(name, "counter", help, values.map { ($0.labels, "\($0.value)") })
  }

  mutating func gauge(_ name: String, _ help: String, _ value: Int) { write(name, "gauge", help, [("", "\(value)")]) }

  mutating func gauges(_ name: String, _ help: String, _ values: [(labels: String, value: String)]) {
    write(name, "gauge", help, values)
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: LatencyHistogram) {
    head(name, "histogram", help)
    let ends = LatencyHistogram.classEndsMs.map { "\(Double($0) / 1000)" } + ["+Inf"]
    for (end, count) in zip(ends, histogram.cumulative) { text += "\(name)_bucket{le=\"\(end)\"} \(count)\n" }
    text += "\(name)_sum \(Double(histogram.sumMs) / 1000)\n"
    text += "\(name)_count \(histogram.cumulative.last ?? 0)\n"
  }

  /// - Parameters:
  ///   - endsMs: upper ends of the classes.
  ///   - counts: of each class, and one more for what is beyond.
  mutating func histogram(_ name: String, _ help: String, endsMs: [Int], counts: [Int], sumSeconds: Double) {
    head(name, "histogram", help)
    var sum = 0
    for (end, count) in zip(endsMs.map { "\(Double($0) / 1000)" } + ["+Inf"], counts) {
      sum += count
      text += "\(name)_bucket{le=\"\(end)\"} \(sum)\n"
    }
    text += "\(name)_sum \(sumSeconds)\n\(name)_count \(sum)\n"
  }

  private mutating func write(_ name: String, _ type: String, _ help: String, _ values: [(String, String)]) {
    head(name, type, help)
    for (labels, value) in values { text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n" }
  }

  private mutating func head(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }
}
