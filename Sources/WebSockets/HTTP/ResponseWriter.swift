import CLibwebsockets

/// A response on its way out, piece by piece as the peer reads.
struct ResponseWriter {
  private let head: [UInt8]
  private let body: [UInt8]
  private var sent = 0
  /// The connection ends after this response.
  let closes: Bool

  init(_ response: HTTPResponse, method: String, closes: Bool) {
    self.closes = closes
    let hasNoBody = response.status == 204 || response.status == 304 || response.status < 200
    head = Array(Self.head(of: response, hasNoBody: hasNoBody, closes: closes).utf8)
    body = hasNoBody || method == "HEAD" ? [] : response.body
  }

  enum Progress {
    case more
    case done
    case broken
  }

  /// Writes as much as the loop's buffer holds. Once for each writeable callback.
  ///
  /// - Returns: `done` when libwebsockets has also passed everything on to the kernel.
  mutating func write(to wsi: OpaquePointer, through buffer: SendBuffer) -> Progress {
    let total = head.count + body.count
    if sent == total { return .done }
    let isFirst = sent == 0
    let headPart = isFirst ? head : []
    let start = isFirst ? 0 : sent - head.count
    let end = min(body.count, start + buffer.capacity - headPart.count)
    let isLast = headPart.count + end - start + sent >= total
    let isWritten = headPart.withUnsafeBytes { head in
      body.withUnsafeBytes { body in
        buffer.writeHTTP(head, UnsafeRawBufferPointer(rebasing: body[start..<end]), isLast: isLast, to: wsi)
      }
    }
    guard isWritten else { return .broken }
    sent += headPart.count + end - start
    return isLast && lws_partial_buffered(wsi) == 0 ? .done : .more
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

  private static func head(of response: HTTPResponse, hasNoBody: Bool, closes: Bool) -> String {
    let length = hasNoBody ? "" : "content-length: \(response.body.count)\r\n"
    return head(of: response, length: length, closes: closes)
  }

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
