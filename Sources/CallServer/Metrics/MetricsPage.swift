/// Writes Prometheus' text format, version 0.0.4.
struct MetricsPage {
  private(set) var text = ""

  mutating func counter(_ name: String, _ help: String, _ value: some Numeric) { counters(name, help, [("", value)]) }

  mutating func counters(_ name: String, _ help: String, _ values: [(labels: String, value: some Numeric)]) {
    write(name, "counter", help, values)
  }

  mutating func gauge(_ name: String, _ help: String, _ value: some Numeric) { gauges(name, help, [("", value)]) }

  mutating func gauges(_ name: String, _ help: String, _ values: [(labels: String, value: some Numeric)]) {
    write(name, "gauge", help, values)
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

  private mutating func write(_ name: String, _ type: String, _ help: String, _ values: [(String, some Numeric)]) {
    head(name, type, help)
    for (labels, value) in values { text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n" }
  }

  private mutating func head(_ name: String, _ type: String, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }
}
