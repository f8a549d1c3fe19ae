import CallCore

extension CallDuration {
  /// `3s`, `1.5s` or `800ms`, without a sign.
  init?(written text: String) {
    let isMilliseconds = text.hasSuffix("ms")
    guard text.hasSuffix("s") else { return nil }
    let number = text.dropLast(isMilliseconds ? 2 : 1)
    // No exponent: `9e99s` is more microseconds than there are.
    guard number.count <= 8, number.first != ".", number.allSatisfy({ "0123456789.".contains($0) }),
      let value = Double(number)
    else { return nil }
    self = .microseconds(Int64(Int(nearest: value * (isMilliseconds ? 1_000 : 1_000_000))))
  }
}
