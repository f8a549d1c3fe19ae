import CallCore

extension CallDuration {
  /// `3s`, `1.5s` or `800ms`, without a sign.
  init?(written text: String) {
    let isMilliseconds = text.hasSuffix("ms")
    guard text.hasSuffix("s") else { return nil }
    let number = text.dropLast(isMilliseconds ? 2 : 1)
    guard let first = number.first, first.isNumber, number.count <= 8, let value = Double(number) else { return nil }
    self = .microseconds(Int64((value * (isMilliseconds ? 1_000 : 1_000_000)).rounded()))
  }
}
