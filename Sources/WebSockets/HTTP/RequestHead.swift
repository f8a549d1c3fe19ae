/// The head of one HTTP/1.x request: read strictly (RFC 9112), because whatever a proxy in front of us could read in another way is
/// an attack.
package struct RequestHead: Sendable {
  /// How the length of the body is told.
  package enum Framing: Sendable, Equatable {
    /// So many bytes; 0: there is none.
    case length(Int)
    /// In chunks.
    case chunked
  }

  /// Bytes of a longest head, from the request line to the empty line; a longer one is answered 431.
  package static let bytesMax = 8_192

  /// Header lines of a request; more are answered 431.
  static let linesMax = 100

  /// Everything but the body and the peer.
  package var request: HTTPRequest
  /// How its body ends.
  package let framing: Framing
  /// The client understands a body of unknown length in chunks: HTTP/1.1.
  let takesChunks: Bool
  /// The client goes on using the connection.
  let keepsAlive: Bool
  /// The client waits for "100 Continue" before it sends the body.
  let expectsContinue: Bool

  /// The client wants to go on in another protocol.
  var isUpgrade: Bool {
    request.headers["upgrade"] != nil && Self.tokens(request.headers["connection"]).contains("upgrade")
  }

  /// - Parameter bytes: the whole head with its empty line.
  package init(_ bytes: UnsafeRawBufferPointer) throws(HTTPFault) {
    var lines = HeadLines(bytes)
    let line = try RequestLine(lines.next() ?? UnsafeRawBufferPointer(start: nil, count: 0))
    var headers: [String: String] = [:]
    var count = 0
    while let line = lines.next(), !line.isEmpty {
      count += 1
      guard count <= Self.linesMax else { throw HTTPFault(431, "a request has at most \(Self.linesMax) header lines") }
      try Self.add(line, to: &headers)
    }
    if let authority = line.authority { headers["host"] = authority }
    guard headers["host"] != nil || !line.isVersion11 else { throw HTTPFault(400, "Host is missing") }
    framing = try Self.framing(headers, isVersion11: line.isVersion11)
    expectsContinue = try Self.expectation(headers["expect"]) && line.isVersion11
    takesChunks = line.isVersion11
    let connection = Self.tokens(headers["connection"])
    keepsAlive = !connection.contains("close") && (line.isVersion11 || connection.contains("keep-alive"))
    request = HTTPRequest(method: line.method, path: line.path, query: line.query, headers: headers)
    request.target = line.target
  }

  /// Offered subprotocols in order.
  static func subprotocols(in headers: [String: String]) -> [String] {
    (headers["sec-websocket-protocol"] ?? "").split(separator: ",").map(trimmed).filter { !$0.isEmpty }
  }
}

// MARK: - Fields

extension RequestHead {
  /// Fields of which a second one could be read as the only one by somebody else.
  private static let singles: Set = [
    "host", "authorization", "origin", "content-type", "x-api-key", "expect", "transfer-encoding", "upgrade",
    "sec-websocket-key", "sec-websocket-version",
  ]

  private static func add(_ line: UnsafeRawBufferPointer, to headers: inout [String: String]) throws(HTTPFault) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[..<colon].allSatisfy(HTTPToken.contains)
    else { throw HTTPFault(400, "a header line is not `name: value`") }
    guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
      throw HTTPFault(400, "a header holds control characters")
    }
    let name = String(decoding: line[..<colon].lazy.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    var bytes = line[(colon + 1)...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
    let value = String(decoding: bytes, as: UTF8.self)
    guard let earlier = headers[name] else {
      headers[name] = value
      return
    }
    if name == "content-length", earlier == value { return }
    guard !singles.contains(name), name != "content-length" else { throw HTTPFault(400, "\(name) is there twice") }
    headers[name] = earlier + (name == "cookie" ? "; " : ", ") + value
  }

  private static func framing(_ headers: [String: String], isVersion11: Bool) throws(HTTPFault) -> Framing {
    if let coding = headers["transfer-encoding"] {
      guard headers["content-length"] == nil else {
        throw HTTPFault(400, "Content-Length and Transfer-Encoding exclude each other")
      }
      guard isVersion11 else { throw HTTPFault(400, "HTTP/1.0 has no Transfer-Encoding") }
      guard coding.lowercased() == "chunked" else { throw HTTPFault(501, "the only transfer coding here is chunked") }
      return .chunked
    }
    guard let written = headers["content-length"] else { return .length(0) }
    guard !written.isEmpty, written.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw HTTPFault(400, "Content-Length is not a number")
    }
    // More digits than any body has; a number that does not fit is longer than every limit.
    return .length(Int(written) ?? .max)
  }

  private static func expectation(_ written: String?) throws(HTTPFault) -> Bool {
    guard let written else { return false }
    guard written.lowercased() == "100-continue" else { throw HTTPFault(417, "only 100-continue can be expected") }
    return true
  }

  private static func tokens(_ field: String?) -> [String] {
    (field ?? "").lowercased().split(separator: ",").map(trimmed)
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}

/// Characters of names and methods (RFC 9110 section 5.6.2).
enum HTTPToken {
  static func contains(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true  // !#$%&'*+-.^_`|~
    default: false
    }
  }
}

/// Lines of a head without their ends. A lone line feed ends a line, too, as old clients write it.
struct HeadLines {
  private var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  mutating func next() -> UnsafeRawBufferPointer? {
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let hasReturn = end > 0 && rest[end - 1] == UInt8(ascii: "\r")
    let line = UnsafeRawBufferPointer(rebasing: rest[..<(hasReturn ? end - 1 : end)])
    rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
    return line
  }

  /// Where a head ends, counted from its first byte; `nil` while it is not complete.
  ///
  /// - Parameter start: bytes before it are known to hold no end.
  static func end(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = max(0, start - 2)
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\n") else {
        index += 1
        continue
      }
      if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") { return index + 2 }
      if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "\r"), bytes[index + 2] == UInt8(ascii: "\n") {
        return index + 3
      }
      index += 1
    }
    return nil
  }
}

/// Why a request is not understood, with the status that says so. The connection ends after the answer, because nobody knows where
/// the next request begins.
package struct HTTPFault: Error, Sendable, Equatable {
  /// 400 … 505.
  package let status: Int
  /// What is wrong with it.
  package let detail: String

  init(_ status: Int, _ detail: String) {
    self.status = status
    self.detail = detail
  }
}
