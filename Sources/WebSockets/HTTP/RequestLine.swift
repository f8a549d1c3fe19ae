/// The first line of a request: `GET /path?query HTTP/1.1` (RFC 9112 section 3).
struct RequestLine {
  let method: String
  /// Percent-decoded, `.` and `..` resolved, begins with `/`; `*` for `OPTIONS *`.
  let path: String
  let query: [HTTPRequest.QueryItem]
  /// Path and query as they were written.
  let target: String
  /// Host and port of an absolute target, which is asked for by clients that take us for their proxy.
  let authority: String?
  let isVersion11: Bool

  init(_ line: UnsafeRawBufferPointer) throws(HTTPFault) {
    guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw HTTPFault(400, "the request line holds control characters")
    }
    let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(HTTPToken.contains) else {
      throw HTTPFault(400, "the request line is not `METHOD target HTTP/1.1`")
    }
    method = String(decoding: parts[0], as: UTF8.self)
    isVersion11 = try Self.isVersion11(parts[2])
    guard method != "CONNECT" else { throw HTTPFault(400, "this server is no proxy") }
    var target = parts[1]
    if target.elementsEqual("*".utf8) {
      guard method == "OPTIONS" else { throw HTTPFault(400, "`*` is for OPTIONS") }
      (path, query, self.target, authority) = ("*", [], "*", nil)
      return
    }
    authority = try Self.removeAuthority(from: &target)
    self.target = String(decoding: target, as: UTF8.self)
    guard target.first == UInt8(ascii: "/") else { throw HTTPFault(400, "a target begins with `/`") }
    let split = target.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    path = try Self.path(split[0])
    query = split.count > 1 ? try Self.query(split[1]) : []
  }

  private static func isVersion11(_ version: Slice<UnsafeRawBufferPointer>) throws(HTTPFault) -> Bool {
    switch String(decoding: version, as: UTF8.self) {
    case "HTTP/1.1": return true
    case "HTTP/1.0": return false
    case let other where other.hasPrefix("HTTP/"): throw HTTPFault(505, "HTTP/1.1 and HTTP/1.0 are spoken here")
    default: throw HTTPFault(400, "the request line does not end with HTTP/1.1")
    }
  }

  /// `http://host:port/path` becomes `/path`.
  private static func removeAuthority(from target: inout Slice<UnsafeRawBufferPointer>) throws(HTTPFault) -> String? {
    let text = String(decoding: target.prefix(8), as: UTF8.self).lowercased()
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else { return nil }
    let rest = target.dropFirst(scheme.utf8.count)
    let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
    guard end > rest.startIndex, end < rest.endIndex, rest[end] == UInt8(ascii: "/"),
      !rest[..<end].contains(UInt8(ascii: "@"))
    else { throw HTTPFault(400, "the target is not http://host/path") }
    target = rest[end...]
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private static func path(_ written: Slice<UnsafeRawBufferPointer>) throws(HTTPFault) -> String {
    let decoded = try decoded(written, plusIsBlank: false)
    guard !decoded.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw HTTPFault(400, "the path holds control characters")
    }
    var kept: [Substring] = []
    let parts = decoded.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    for part in parts {
      switch part {
      case ".": break
      case "..":
        guard !kept.isEmpty else { throw HTTPFault(400, "the path leads out of the server") }
        kept.removeLast()
      default: kept.append(part)
      }
    }
    if parts.last == "." || parts.last == ".." { kept.append("") }
    return "/" + kept.joined(separator: "/")
  }

  /// Names and values of a query or of a form.
  static func query(_ written: Slice<UnsafeRawBufferPointer>) throws(HTTPFault) -> [HTTPRequest.QueryItem] {
    var items: [HTTPRequest.QueryItem] = []
    for part in written.split(separator: UInt8(ascii: "&")) {
      let sides = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let value = sides.count > 1 ? try decoded(sides[1], plusIsBlank: true) : ""
      items.append(.init(name: try decoded(sides[0], plusIsBlank: true), value: value))
    }
    return items
  }

  private static func decoded(
    _ written: Slice<UnsafeRawBufferPointer>, plusIsBlank: Bool
  ) throws(HTTPFault) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(written.count)
    var index = written.startIndex
    while index < written.endIndex {
      let byte = written[index]
      if byte == UInt8(ascii: "%") {
        guard written.endIndex - index > 2, let high = hexDigit(written[index + 1]),
          let low = hexDigit(written[index + 2])
        else { throw HTTPFault(400, "`%` is not followed by two hexadecimal digits") }
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(plusIsBlank && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw HTTPFault(400, "the target is not UTF-8")
    }
    return text
  }
}

/// 0 … 15 of an ASCII hexadecimal digit.
func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case 0x30...0x39: byte - 0x30
  case 0x41...0x46: byte - 0x37
  case 0x61...0x66: byte - 0x57
  default: nil
  }
}
