/// A number in digits, with marks for thousands and decimals as English and the continent write them.
struct WrittenNumber: Equatable {
  /// Whether a minus stands in front.
  var isNegative = false
  /// Digits before the mark for decimals; empty for `.5`.
  var whole: String
  /// Digits behind it; `nil` without the mark.
  var fraction: String?

  /// - Parameter text: such as `1,200.50`, `-5`, `.5`, `12,50`, `100.000,00`; `nil` for what is no number.
  init?(_ text: some StringProtocol) {
    var rest = Substring(text)
    if let first = rest.first, "-−".contains(first) {
      isNegative = true
      rest = rest.dropFirst()
    }
    guard let last = rest.last, last.isASCIIDigit, rest.allSatisfy({ $0.isASCIIDigit || ",.".contains($0) }) else {
      return nil
    }
    let pieces = rest.split(omittingEmptySubsequences: false) { ",.".contains($0) }
    let marks = rest.filter { ",.".contains($0) }
    guard let decimal = Self.hasDecimals(pieces, marks) else { return nil }
    whole = (decimal ? pieces.dropLast() : pieces[...]).joined()
    fraction = decimal ? pieces.last.map(String.init) : nil
    // "1,000.00" is said without its zeros.
    if marks.count > 1, decimal, fraction?.allSatisfy({ $0 == "0" }) ?? false { fraction = nil }
  }

  /// Whether the last piece is decimals; `nil` where the pieces are no number.
  private static func hasDecimals(_ pieces: [Substring], _ marks: String) -> Bool? {
    guard pieces.count > 1 else { return false }
    let isGrouped = { (groups: ArraySlice<Substring>) in
      (1...3).contains(groups.first?.count ?? 0) && groups.dropFirst().allSatisfy { $0.count == 3 }
    }
    if Set(marks).count == 2 {  // 1,200.50 and 1.200,50
      let last = marks.last
      guard marks.dropLast().allSatisfy({ $0 != last }), isGrouped(pieces.dropLast()) else { return nil }
      return true
    }
    if marks.count > 1 { return isGrouped(pieces[...]) ? false : nil }
    if marks == "," { return pieces[0].isEmpty ? nil : pieces[1].count == 3 && isGrouped(pieces[...]) ? false : true }
    return true
  }

  /// Whether it is one, which takes the singular.
  var isOne: Bool { fraction == nil && whole == "1" }

  /// "minus five", "three point one four", "one million".
  var words: String {
    let sign = isNegative ? "minus " : ""
    let number = whole.isEmpty ? "" : NumeralWords.cardinal(whole)
    guard let fraction else { return sign + number }
    return sign + (number.isEmpty ? "" : number + " ") + "point " + NumeralWords.digits(fraction)
  }
}
