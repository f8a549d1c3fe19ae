/// What a text is rendered for, which says how the values in it are escaped.
enum FlowTextUse {
  /// To be said or kept.
  case speech
  /// A URL: values are percent-encoded, except one at the very beginning.
  case address
  /// The value of an HTTP header: line ends become spaces.
  case header
  /// A body: inside JSON, values are escaped for its strings.
  case body(isJSON: Bool)

  /// - Parameter isFirst: the value stands at the very beginning of the text.
  func escaped(_ value: String, isFirst: Bool) -> String {
    switch self {
    case .speech: value
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
