extension Int {
  /// The whole number nearest to `value`, between −2⁵³ and 2⁵³, up to which whole numbers and floating point agree; 0 for what is no number.
  ///
  /// `Int(_:)` of infinity, of what is no number and of what is too great ends the process, and a quotient of measured values is any of
  /// them when the divisor is 0.
  package init(nearest value: Double) {
    let limit = Double(1 << 53)
    self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value.rounded(), -limit), limit))
  }
}
