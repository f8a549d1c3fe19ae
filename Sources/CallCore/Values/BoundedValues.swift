extension StringProtocol {
  /// Length in Unicode scalars, in which every limit of a text is stated: one `Character` may have any number of them.
  package var scalarCount: Int { unicodeScalars.count }

  /// At most the first `count` Unicode scalars, and of more than eight marks on one letter the first eight: no script piles up more, and
  /// each look at a `Character` takes time that grows with its marks.
  package func bounded(to count: Int) -> String {
    var kept = String.UnicodeScalarView()
    var marks = 0
    for scalar in unicodeScalars.prefix(count) {
      marks = scalar.value >= 0x300 && scalar.properties.isGraphemeExtend ? marks + 1 : 0
      if marks <= 8 { kept.append(scalar) }
    }
    return String(kept)
  }

  /// Without such characters at either end.
  package func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    String(drop(while: isTrimmed).reversed().drop(while: isTrimmed).reversed())
  }
}

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
