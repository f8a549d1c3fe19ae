extension PostgresValue {
  /// PostgreSQL's numbers of its types.
  private enum Element: UInt32 { case bytea = 17, text = 25 }

  /// An array of texts, for a parameter `::text[]`.
  static func array(_ texts: [String]) -> PostgresValue { array(texts.map { Array($0.utf8) }, of: .text) }

  /// An array of bytes, for a parameter `::bytea[]`.
  static func array(_ values: [[UInt8]]) -> PostgresValue { array(values, of: .bytea) }

  /// PostgreSQL's binary form: dimensions, whether a NULL is there, the element's type; of the dimension its length and first index; then each
  /// element behind its length.
  private static func array(_ values: [[UInt8]], of element: Element) -> PostgresValue {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.reduce(20) { $0 + $1.count + 4 })
    func add(_ number: UInt32) {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
    }
    add(values.isEmpty ? 0 : 1)
    add(0)
    add(element.rawValue)
    guard !values.isEmpty else { return .bytes(bytes) }
    add(UInt32(values.count))
    add(1)
    for value in values {
      add(UInt32(value.count))
      bytes += value
    }
    return .bytes(bytes)
  }
}
