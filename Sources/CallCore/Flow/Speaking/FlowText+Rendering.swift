extension FlowText {
  /// The text with every place filled. A variable without a value leaves its place empty.
  ///
  /// - Parameter values: by name; `today` among them tells the filter `spoken` what "tomorrow" is.
  public func rendered(with values: [String: String]) -> String { rendered(with: values, for: .speech) }

  /// Unicode scalars after which nothing more is added to a text: a hundred places with a thousand characters each, in sixty states on
  /// the way, would be megabytes. Whoever renders looks whether it is longer, and lets the flow fail.
  static let renderedMax = 8_000

  func rendered(with values: [String: String], for use: FlowTextUse) -> String {
    render(with: values, for: use) { _, _ in true } ?? ""
  }

  /// The text with its marks, every place filled with words that no mark can hide in.
  ///
  /// - Throws: where the marks are not understood, or the text is longer than anybody listens to.
  package func ssml(with values: [String: String]) throws(SSMLFault) -> SSMLText {
    let text = rendered(with: values, for: .ssml)
    guard text.scalarCount <= Self.renderedMax else {
      throw SSMLFault("the text is longer than \(Self.renderedMax) characters with its values")
    }
    return try SSMLText(text)
  }

  /// The text as an address.
  ///
  /// - Parameter foreign: variables with values that are not the author's.
  /// - Returns: `nil` when one of them stands before the path: it would say whom to ask.
  func address(with values: [String: String], foreign: Set<String>) -> String? {
    render(with: values, for: .address) { variable, text in !foreign.contains(variable) || Self.hasAuthority(text) }
  }

  /// - Parameter allows: whether a variable may stand behind the text so far.
  private func render(
    with values: [String: String], for use: FlowTextUse, _ allows: (_ variable: String, _ text: String) -> Bool
  ) -> String? {
    var text = ""
    var length = 0
    for part in parts where length <= Self.renderedMax {
      if case .place(let variable, _) = part, !allows(variable, text) { return nil }
      let more = Self.rendered(part, with: values, for: use, isFirst: text.isEmpty)
      text += more
      length += more.scalarCount
    }
    return text
  }

  /// Whether scheme, host and port of an address are complete, and its path or query has begun.
  private static func hasAuthority(_ text: String) -> Bool {
    guard let start = text.firstRange(of: "://")?.upperBound else { return false }
    return text[start...].contains { $0 == "/" || $0 == "?" || $0 == "#" }
  }

  private static func rendered(
    _ part: Part, with values: [String: String], for use: FlowTextUse, isFirst: Bool
  ) -> String {
    switch part {
    case .words(let words): return words
    case .place(let variable, let names):
      let filters = names.compactMap(FlowFilter.init(rawValue:))
      let value = filters.reduce(values[variable] ?? "") { $1.applied(to: $0, today: values["today"] ?? "") }
      return filters.contains(.raw) && !use.isMarkup ? value : use.escaped(value, isFirst: isFirst)
    }
  }
}

/// What a place in a text does with its value before it is said.
public enum FlowFilter: String, Sendable, CaseIterable {
  /// Digit by digit: `4711` becomes "four seven one one".
  case digits
  /// As people say dates and times: `15:30` becomes "half past three".
  case spoken
  /// As it is, where addresses and JSON would escape it.
  case raw

  /// - Parameter today: the value of the variable of that name; not a date where it is not known.
  func applied(to value: String, today: String) -> String {
    switch self {
    case .digits: SpokenForm.digits(of: value)
    case .spoken: SpokenForm.of(value, today: CalendarDate(today))
    case .raw: value
    }
  }
}

/// What a text is rendered for, which says how the values in it are escaped.
enum FlowTextUse {
  /// To be said or kept.
  case speech
  /// To be said as its marks want it: signs that would be marks in values are escaped.
  case ssml
  /// A URL: values are percent-encoded, except one at the very beginning.
  case address
  /// The value of an HTTP header: line ends become spaces.
  case header
  /// A body: inside JSON, values are escaped for its strings.
  case body(isJSON: Bool)

  /// Whether values are escaped even where a filter wants them as they are.
  var isMarkup: Bool { if case .ssml = self { true } else { false } }

  /// - Parameter isFirst: the value stands at the very beginning of the text.
  func escaped(_ value: String, isFirst: Bool) -> String {
    switch self {
    case .speech: value
    case .ssml: FlowTextUse.markupEscaped(value)
    case .address: isFirst ? value : FlowTextUse.percentEncoded(value)
    case .header: String(value.map { $0.isNewline ? " " : $0 })
    case .body(let isJSON): isJSON ? FlowTextUse.jsonEscaped(value) : value
    }
  }

  /// Unreserved characters of RFC 3986 stay.
  private static func percentEncoded(_ value: String) -> String {
    let hexadecimal = Array("0123456789ABCDEF")
    return value.utf8.reduce(into: "") { text, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        text.append("%")
        text.append(hexadecimal[Int(byte >> 4)])
        text.append(hexadecimal[Int(byte & 15)])
      }
    }
  }

  private static func markupEscaped(_ value: String) -> String {
    value.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  private static func jsonEscaped(_ value: String) -> String {
    value.unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20: text += " "
      default: text.unicodeScalars.append(scalar)
      }
    }
  }
}
