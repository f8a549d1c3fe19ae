import JSON

extension JSONFields {
  /// Whole numbers in their order.
  func counts(_ name: String) throws(WireFault) -> [Int] {
    guard case .array(let values) = self[name] else { throw missing(name, "a list of whole numbers") }
    var counts: [Int] = []
    counts.reserveCapacity(values.count)
    for value in values {
      guard let number = value.wholeNumber, let count = Int(exactly: number) else {
        throw wrongType(name, "a list of whole numbers", value)
      }
      counts.append(count)
    }
    return counts
  }

  /// How often each reason came.
  func reasons(_ name: String) throws(WireFault) -> [String: Int] {
    let fields = try object(name)
    var reasons: [String: Int] = [:]
    for reason in fields.memberNames.sorted() {
      reasons.add(try fields.number(reason, 0...WireLimits.wholeNumberMax), of: reason)
    }
    return reasons
  }

  /// A number from 0, where there is one.
  func optionalDecimal(_ name: String) throws(WireFault) -> Double? {
    guard let value = self[name] else { return nil }
    switch value {
    case .integer(let number) where number >= 0: return Double(number)
    case .number(let number) where number >= 0: return number
    default: throw wrongType(name, "a number from 0", value)
    }
  }
}

extension JSONWriter {
  /// A list of whole numbers.
  mutating func field(_ name: String, counts: [Int]) { list(name, counts) { $0.value($1) } }
}
