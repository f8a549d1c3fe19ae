public import CallCore

/// Which numbers this server may dial: nobody's, unless prefixes are named. Pure.
public struct DialRules: Sendable, Equatable {
  /// Why the text of the setting is no list of prefixes.
  public struct Fault: Error, Sendable, Equatable {
    /// For people.
    public let text: String
  }

  /// Prefixes that are read.
  public static let prefixesMax = 256

  /// What numbers that may be dialed begin with, plus sign and all; empty: nothing is dialed.
  public let prefixes: [String]

  /// Nothing is dialed.
  public init() { prefixes = [] }

  /// - Parameter text: prefixes such as `+1555` with commas or blanks between them: a plus sign, the code of a country and up to 15 digits.
  /// - Throws: what is no prefix, and what would be one.
  public init(_ text: String) throws(Fault) {
    var prefixes: [String] = []
    for piece in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      let digits = piece.dropFirst()
      guard piece.first == "+", (1...15).contains(digits.count), digits.first != "0",
        digits.allSatisfy({ $0.isASCII && $0.isNumber })
      else {
        throw Fault(text: "expected prefixes such as +1555,+4930: + and 1 to 15 digits each, got \(piece.prefix(40))")
      }
      guard prefixes.count < Self.prefixesMax else {
        throw Fault(text: "expected at most \(Self.prefixesMax) prefixes")
      }
      prefixes.append(String(piece))
    }
    self.prefixes = prefixes
  }

  /// Whether anything may be dialed.
  public var isOn: Bool { !prefixes.isEmpty }

  /// Why a number may not be dialed; `nil`: it may.
  package func refusal(of number: PhoneNumber) -> String? {
    guard isOn else {
      return "dialing is off: VOICEFORGE_DIAL_ALLOW names the prefixes of the numbers that may be called, such as +1555"
    }
    if let reason = ForbiddenNumbers.reason(against: number) { return "\(number.text) is never dialed: \(reason)" }
    guard prefixes.contains(where: number.text.hasPrefix) else {
      return "\(number.text) begins with none of the prefixes of VOICEFORGE_DIAL_ALLOW"
    }
    return nil
  }
}

/// What bounds outbound calls.
public struct DialLimits: Sendable, Equatable {
  /// Calls that one key may begin in a minute.
  public var perMinute = 6
  /// Calls that one key may begin in a day of UTC.
  public var perDay = 100
  /// Calls of all keys at once.
  public var atOnce = 4
  /// How long a telephone may ring; Twilio takes up to 600 s.
  public var ringTime = CallDuration.seconds(45)

  /// The defaults.
  public init() {}
}
