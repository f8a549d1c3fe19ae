/// A parameter of a statement. It never becomes part of the statement's text.
enum PostgresValue: Sendable {
  /// Text. PostgreSQL's text takes no NUL: each becomes U+FFFD, as unreadable characters do elsewhere.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// True or false.
  case flag(Bool)
  /// JSON in UTF-8 without white space between its parts, as `JSONWriter` writes it; NULs in its texts become U+FFFD.
  case json([UInt8])
  /// Bytes as they are.
  case bytes([UInt8])
  /// Nothing.
  case null

  private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

  /// libpq's words for it: text is written with a NUL behind it.
  var format: Int32 { if case .bytes = self { 1 } else { 0 } }

  /// - Returns: the value's bytes; `nil` for `.null`.
  var encoded: [UInt8]? {
    switch self {
    case .text(let text): Self.withoutNUL(text) + [0]
    case .integer(let number): Array("\(number)".utf8) + [0]
    case .flag(let flag): [UInt8(ascii: flag ? "t" : "f"), 0]
    case .json(let json): Self.withoutEscapedNUL(json) + [0]
    case .bytes(let bytes): bytes
    case .null: nil
    }
  }

  /// Memory that it holds, about.
  var byteCount: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .json(let bytes), .bytes(let bytes): bytes.count
    case .integer, .flag, .null: 8
    }
  }

  private static func withoutNUL(_ text: String) -> [UInt8] {
    guard text.utf8.contains(0) else { return Array(text.utf8) }
    return text.utf8.flatMap { $0 == 0 ? replacement : [$0] }
  }

  /// JSON has every NUL written as `\u0000`, which jsonb refuses. A backslash that is itself escaped begins nothing.
  private static func withoutEscapedNUL(_ json: [UInt8]) -> [UInt8] {
    let escape = Array("\\u0000".utf8)
    var result: [UInt8]?
    var (start, index) = (0, 0)
    while index < json.count {
      guard json[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      if json[index...].starts(with: escape) {
        result = (result ?? []) + json[start..<index] + replacement
        index += escape.count
        start = index
      } else {
        index += 2
      }
    }
    return result.map { $0 + json[start...] } ?? json
  }
}
