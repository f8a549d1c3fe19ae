/// A response on its way out, piece by piece as the peer reads.
struct ResponseWriter {
  private let head: [UInt8]
  private let body: [UInt8]
  /// What is sent of the body.
  private let part: Range<Int>
  private var sent = 0
  /// The connection ends after this response.
  let closes: Bool

  init(_ response: HTTPResponse, method: String, closes: Bool) {
    self.closes = closes
    let hasNoBody = response.status == 204 || response.status == 304 || response.status < 200
    let isSent = !hasNoBody && method != "HEAD"
    let length = hasNoBody ? "" : "content-length: \(response.sentPart.count)\r\n"
    let head = Array(Self.head(of: response, length: length, closes: closes).utf8)
    // A short answer goes out in one piece; a long body is never copied, so that many readers share it.
    if isSent, Self.isLong(response) {
      (self.head, body, part) = (head, response.body, response.sentPart)
    } else {
      (self.head, body, part) = (isSent ? head + response.body[response.sentPart] : head, [], 0..<0)
    }
  }

  private static let shortBodyBytes = 16_384

  static func isLong(_ response: HTTPResponse) -> Bool { response.sentPart.count > shortBodyBytes }

  enum Progress {
    case more
    case done
    case broken
  }

  /// Bytes the peer's kernel has taken.
  var sentBytes: Int { sent }

  /// Writes as much as the socket takes.
  mutating func write(to stream: SocketStream) -> Progress {
    while sent < head.count + part.count {
      let outcome =
        sent < head.count
        ? head.withUnsafeBytes { stream.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
        : body.withUnsafeBytes { stream.write(UnsafeRawBufferPointer(rebasing: $0[part.dropFirst(sent - head.count)])) }
      switch outcome {
      case .count(let count): sent += count
      case .wait: return .more
      case .ended, .broken: return .broken
      }
    }
    return .done
  }

  /// Sent with every response, unless it brings its own. `blob:` and `data:` are for recordings and worklets the page
  /// makes itself; nothing may be loaded from elsewhere.
  static let securityHeaders: [(name: String, value: String)] = [
    (
      "content-security-policy",
      "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        + "connect-src 'self' ws: wss:; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'"
    ),
    ("x-content-type-options", "nosniff"), ("x-frame-options", "deny"), ("referrer-policy", "no-referrer"),
  ]

  /// The head of an answer whose length is not known yet.
  static func streamHead(of response: HTTPResponse, isChunked: Bool, closes: Bool) -> String {
    head(of: response, length: isChunked ? "transfer-encoding: chunked\r\n" : "", closes: closes)
  }

  private static func head(of response: HTTPResponse, length: String, closes: Bool) -> String {
    var text = "HTTP/1.1 \(response.status) \(HTTPStatus.phrase(response.status))\r\n"
    for (name, value) in response.headers { text += "\(fieldSafe(name)): \(fieldSafe(value))\r\n" }
    for (name, value) in securityHeaders where !response.hasHeader(name) { text += "\(name): \(value)\r\n" }
    return text + length + "connection: \(closes ? "close" : "keep-alive")\r\n\r\n"
  }

  /// A line break in a value would begin a header of its own.
  private static func fieldSafe(_ text: String) -> String {
    text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
      ? text : String(text.unicodeScalars.filter { $0.value >= 0x20 }.map(Character.init))
  }
}

/// An answer whose body is made while it is sent: chunked (RFC 9112, 7.1), or to a client of HTTP/1.0 up to the end of the connection.
struct StreamWriter {
  let requestID: UInt64
  let source: any HTTPBodySource
  /// The connection ends after this answer.
  let closes: Bool
  private let isChunked: Bool
  private var bytes: [UInt8]
  private var sent = 0
  private var isLast = false
  /// A piece was asked for and has not come.
  private(set) var isWaiting = false

  /// - Parameter response: its body is the first piece.
  init(_ response: HTTPResponse, requestID: UInt64, source: any HTTPBodySource, isChunked: Bool, closes: Bool) {
    self.requestID = requestID
    self.source = source
    self.isChunked = isChunked
    self.closes = closes || !isChunked
    bytes = Array(ResponseWriter.streamHead(of: response, isChunked: isChunked, closes: self.closes).utf8)
    append(response.body)
  }

  enum Progress {
    /// Call again when the socket is writeable.
    case more
    /// All was passed on to the kernel: ask for the next piece.
    case hungry
    case done
    case broken
  }

  /// Takes in the piece that was asked for.
  mutating func resume(with piece: [UInt8], isLast: Bool) {
    isWaiting = false
    bytes = []
    sent = 0
    append(piece)
    self.isLast = isLast
    if isLast, isChunked { bytes += Array("0\r\n\r\n".utf8) }
  }

  mutating func waits() { isWaiting = true }

  /// Writes as much as the socket takes.
  mutating func write(to stream: SocketStream) -> Progress {
    while sent < bytes.count {
      switch bytes.withUnsafeBytes({ stream.write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }) {
      case .count(let count): sent += count
      case .wait: return .more
      case .ended, .broken: return .broken
      }
    }
    return isLast ? .done : .hungry
  }

  /// Bytes of the present piece the peer's kernel has taken.
  var sentBytes: Int { sent }

  private mutating func append(_ piece: [UInt8]) {
    guard !piece.isEmpty else { return }  // an empty chunk would be the last one
    if isChunked { bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) }
    bytes += piece
    if isChunked { bytes += [13, 10] }
  }
}
