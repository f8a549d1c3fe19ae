/// The usual figures of a list of measurements.
struct Quantiles: CustomStringConvertible {
  let sorted: [Int]

  init(_ values: [Int]) { sorted = values.sorted() }

  var p50: Int { at(0.5) }
  var p95: Int { at(0.95) }
  var p99: Int { at(0.99) }
  var max: Int { sorted.last ?? 0 }

  private func at(_ share: Double) -> Int {
    sorted.isEmpty ? 0 : sorted[Int((Double(sorted.count - 1) * share).rounded())]
  }

  var description: String { "n \(sorted.count), p50 \(p50), p95 \(p95), max \(max)" }
}
