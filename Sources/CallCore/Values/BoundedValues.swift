extension StringProtocol {
  /// Length in Unicode scalars, in which every limit of a text is stated: one `Character` may have any number of them.
  package var scalarCount: Int { unicodeScalars.count }

  /// At most the first `count` Unicode scalars, and of more than eight marks on one letter the first eight: no script piles up more, and
  /// each look at a `Character` takes time that grows with its marks.
  package func bounded(to count: Int) -> String { BoundedText(self, charactersMax: count).text }

  /// Without such characters at either end.
  package func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    guard let first = firstIndex(where: { !isTrimmed($0) }), let last = lastIndex(where: { !isTrimmed($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}

/// A text that comes in pieces and is cut as `bounded(to:)` cuts one: a piece costs what it is long itself, however much came before it.
package struct BoundedText: Sendable, Equatable {
  /// What is kept.
  package private(set) var text = ""
  /// How many Unicode scalars may still come.
  private var left: Int
  /// Marks on the last letter.
  private var marks = 0

  /// - Parameter charactersMax: in Unicode scalars.
  package init(charactersMax: Int) { left = charactersMax }

  /// - Parameter charactersMax: in Unicode scalars.
  package init(_ text: some StringProtocol, charactersMax: Int) {
    left = charactersMax
    append(text)
  }

  /// Adds a piece, as much of it as there is room for.
  package mutating func append(_ piece: some StringProtocol) {
    guard left > 0 else { return }
    for scalar in piece.unicodeScalars.prefix(left) {
      left -= 1
      marks = scalar.value >= 0x300 && scalar.properties.isGraphemeExtend ? marks + 1 : 0
      if marks <= 8 { text.unicodeScalars.append(scalar) }
    }
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
