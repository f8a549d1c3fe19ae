import JSON

/// A telephone number as ITU-T E.164 writes it, such as `+15550100`: a plus sign, the code of a country and at most 15 digits in all.
package struct PhoneNumber: Sendable, Hashable {
  /// Why a text is no number that can be dialed, and what would be one.
  package struct Fault: Error, Sendable, Equatable {
    /// For people.
    package let text: String
  }

  /// With its plus sign.
  package let text: String

  /// Digits behind the plus sign. The shortest numbers that subscribers have are those of small islands, with seven.
  static let digits = 7...15
  /// Characters of a text that an error repeats.
  private static let shownMax = 40

  /// - Parameter text: nothing but a plus sign and digits; blanks, dashes and parentheses are no part of a number.
  package init(_ text: String) throws(Fault) {
    guard text.first == "+" else {
      let isShort = (2...6).contains(text.count) && text.allSatisfy { $0.isASCII && $0.isNumber }
      throw Fault(
        text: isShort
          ? "\(text) is a code for emergencies or services, which is never dialed"
          : "expected a number that begins with + and the code of its country, such as +15550100, got \(Self.shown(text))"
      )
    }
    let digits = text.dropFirst()
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      throw Fault(
        text: "expected + and digits alone, without blanks, dashes and parentheses, got \(Self.shown(text))")
    }
    guard let first = digits.first, first != "0" else {
      throw Fault(text: "expected the code of a country behind +, which begins with 1 to 9, got \(Self.shown(text))")
    }
    guard digits.count <= Self.digits.upperBound else {
      throw Fault(text: "expected at most 15 digits (ITU-T E.164), got \(digits.count)")
    }
    let national = digits.count - Self.countryDigits(of: digits)
    guard national > ForbiddenNumbers.shortCodeMax else {
      throw Fault(
        text:
          "\(text) has \(max(national, 0)) digits behind the code of its country: that is a code for emergencies or services, "
          + "which is never dialed")
    }
    guard digits.count >= Self.digits.lowerBound else {
      throw Fault(text: "expected 7 to 15 digits behind +, got \(digits.count)")
    }
    self.text = text
  }

  /// The code of its country, such as `1` or `420`.
  var country: Substring { text.dropFirst().prefix(Self.countryDigits(of: text.dropFirst())) }
  /// What stands behind that.
  var national: Substring { text.dropFirst(1 + country.count) }

  /// With all but the last two digits masked, for logs.
  var masked: String { "+" + String(repeating: "x", count: text.count - 3) + text.suffix(2) }

  /// The same for each number that stands in a text.
  static func masking(_ text: String) -> String {
    text.replacing(/\+[1-9][0-9]{6,14}/) {
      "+" + String(repeating: "x", count: $0.output.count - 3) + $0.output.suffix(2)
    }
  }

  private static func shown(_ text: String) -> String { text.prefix(shownMax).description.quoted }

  /// ITU-T E.164, annex: list of assigned country codes. Those of North America and of the zone of Russia have one digit, these two, and all
  /// others three.
  private static func countryDigits(of digits: Substring) -> Int {
    if digits.first == "1" || digits.first == "7" { return 1 }
    return twoDigitCodes.contains(digits.prefix(2)) ? 2 : 3
  }

  private static let twoDigitCodes: Set<Substring> = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51",
    "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90",
    "91", "92", "93", "94", "95", "98",
  ]
}
