/// How long the silence of a `break` is.
enum BreakLength {
  /// Pauses by strength: the specification leaves them to the processor; these are the ones that Azure publishes for its own.
  private static let strengths: [(name: String, length: CallDuration)] = [
    ("none", .zero), ("x-weak", .milliseconds(250)), ("weak", .milliseconds(500)), ("medium", .milliseconds(750)),
    ("strong", .seconds(1)), ("x-strong", .milliseconds(1250)),
  ]
  /// Behind a paragraph: a break of medium strength, three times the silence between sentences.
  static let paragraph = CallDuration.milliseconds(750)

  /// `time` goes before `strength`; without either it is a medium one.
  static func of(_ tag: SSMLTag) throws(SSMLFault) -> CallDuration {
    if let time = tag["time"] {
      guard let length = Self.length(time), length <= SSMLText.pauseMax else {
        let most = SSMLText.pauseMax.milliseconds / 1000
        throw tag.fault(
          "takes a `time` such as \"500ms\" or \"1.5s\", at most \(most) s, not \"\(time.bounded(to: 40))\"")
      }
      return length
    }
    guard let strength = tag["strength"] else { return paragraph }
    if let known = strengths.first(where: { $0.name == strength }) { return known.length }
    let names = strengths.map(\.name).joined(separator: ", ")
    throw tag.fault("takes a `strength` of \(names), not \"\(strength.bounded(to: 40))\"")
  }

  /// `500ms`, `1.5s`, `.5s`.
  private static func length(_ text: String) -> CallDuration? {
    let isMilliseconds = text.hasSuffix("ms")
    guard isMilliseconds || text.hasSuffix("s") else { return nil }
    let number = text.dropLast(isMilliseconds ? 2 : 1)
    guard let thousandths = FixedPoint.thousandths(number) else { return nil }
    return isMilliseconds ? .milliseconds(thousandths / 1000) : .milliseconds(thousandths)
  }
}

/// What `prosody rate` asks for.
enum ProsodyRate {
  /// Rates that are made, in per cent of the voice's own; what goes beyond is refused.
  static let range = 25...400
  /// By name: the specification leaves them to the processor; these are the ones that Azure publishes for its own.
  private static let names: [(name: String, percent: Int)] = [
    ("x-slow", 50), ("slow", 64), ("medium", 100), ("fast", 155), ("x-fast", 200), ("default", 100),
  ]

  /// - Parameter outer: the rate around it, in per cent, which numbers multiply.
  static func percent(of tag: SSMLTag, from outer: Int) throws(SSMLFault) -> Int {
    guard let rate = tag["rate"] else { throw tag.fault("needs `rate=\"…\"`: nothing else of it is made here") }
    if let named = names.first(where: { $0.name == rate }) { return named.percent }
    guard let factor = factor(rate), case let percent = (outer * factor + 50) / 100, range.contains(percent) else {
      let words = names.map(\.name).joined(separator: ", ")
      throw tag.fault(
        "takes a `rate` of \(words), or of \(range.lowerBound)% to \(range.upperBound)%, not \"\(rate.bounded(to: 40))\""
      )
    }
    return percent
  }

  /// `80%`, `+10%`, `-20%`, `0.8`; in per cent.
  private static func factor(_ text: String) -> Int? {
    guard text.last == "%" else { return FixedPoint.thousandths(text).map { $0 / 10 } }
    let number = text.dropLast()
    guard let sign = number.first, sign == "+" || sign == "-" else {
      return FixedPoint.thousandths(number).map { $0 / 1000 }
    }
    guard let change = FixedPoint.thousandths(number.dropFirst()) else { return nil }
    return sign == "+" ? 100 + change / 1000 : 100 - change / 1000
  }
}

/// Decimals as whole numbers, so that the same text means the same everywhere.
enum FixedPoint {
  /// - Parameter text: such as `1.5`, `.5`, `20`, at most six digits before the point; what follows the third digit behind it is dropped.
  static func thousandths(_ text: some StringProtocol) -> Int? {
    let pieces = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(pieces.count), pieces.allSatisfy({ $0.isEmpty || $0.isDigits }),
      pieces.contains(where: { !$0.isEmpty }), pieces[0].count <= 6
    else { return nil }
    let decimals = pieces.count == 2 ? String(pieces[1].prefix(3)) : ""
    let padded = decimals + String(repeating: "0", count: 3 - decimals.count)
    return (Int(pieces[0]) ?? 0) * 1000 + (Int(padded) ?? 0)
  }
}
