/// One HTTP response, whole.
public struct HTTPResponse: Sendable {
  /// Whether the connection takes no further request: the next one may belong to another loop.
  public var closes = false
  /// 200 … 599.
  public var status: Int
  /// Further headers, any case. `Content-Length` and `Connection` are added, the security headers when absent.
  public var headers: [(name: String, value: String)]
  /// Not sent for `HEAD`, 204 and 304.
  public var body: [UInt8]
  /// The part of the body that is sent; `nil`: all of it.
  var part: Range<Int>?

  package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A response with a text body.
  public init(status: Int, contentType: String, text: String) {
    self.init(status: status, headers: [("content-type", contentType)], body: Array(text.utf8))
  }

  /// An error as RFC 9457 says. `detail` must not need escaping beyond quotes, backslashes and control characters.
  public static func problem(status: Int, detail: String) -> HTTPResponse {
    let title = HTTPStatus.phrase(status)
    let text = #"{"type":"about:blank","title":"\#(title)","status":\#(status),"detail":"\#(jsonEscaped(detail))"}"#
    return HTTPResponse(status: status, contentType: "application/problem+json", text: text)
  }

  /// A problem that is over after some seconds, which `Retry-After` says.
  public static func later(_ seconds: Int, status: Int = 503, _ detail: String) -> HTTPResponse {
    var answer = problem(status: status, detail: detail)
    answer.headers.append(("retry-after", String(seconds)))
    return answer
  }

  private static func jsonEscaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": escaped += "\\\""
      case "\\": escaped += "\\\\"
      case _ where scalar.value < 0x20: escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// Where in the body that is which is sent.
  var sentPart: Range<Int> { part ?? body.indices }

  func hasHeader(_ name: String) -> Bool { headers.contains { $0.name.lowercased() == name } }
}

/// Reason phrases of RFC 9110 section 15.
enum HTTPStatus {
  static func phrase(_ status: Int) -> String { phrases[status] ?? "Status" }

  private static let phrases: [Int: String] = [
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content",
    301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
    412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
    416: "Range Not Satisfiable", 421: "Misdirected Request", 417: "Expectation Failed", 422: "Unprocessable Content",
    426: "Upgrade Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
  ]
}

extension HTTPResponse {
  /// The part of a 200 answer that `Range` asks for (RFC 9110 section 14), so that players can seek in a recording.
  ///
  /// One range of bytes is understood; several, or other units, get the whole.
  public func ranged(by request: HTTPRequest) -> HTTPResponse {
    guard status == 200 else { return self }
    var answer = self
    answer.headers.append(("accept-ranges", "bytes"))
    guard request.method == "GET", let field = request.headers["range"], request.headers["if-range"] == nil,
      let range = Self.range(field, count: body.count)
    else { return answer }
    switch range {
    case .unsatisfiable:
      answer.status = 416
      answer.headers.append(("content-range", "bytes */\(body.count)"))
      answer.body = []
    case .bytes(let bytes):
      answer.status = 206
      answer.headers.append(("content-range", "bytes \(bytes.lowerBound)-\(bytes.upperBound)/\(body.count)"))
      answer.part = Range(bytes)  // not a copy: many readers share the body
    }
    return answer
  }

  private enum RequestedRange {
    case bytes(ClosedRange<Int>)
    case unsatisfiable
  }

  private static func range(_ field: String, count: Int) -> RequestedRange? {
    guard field.hasPrefix("bytes="), !field.contains(",") else { return nil }
    let ends = field.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    switch (Int(ends[0]), Int(ends[1])) {
    case (nil, let suffix?) where ends[0].isEmpty && suffix >= 0:
      return suffix == 0 || count == 0 ? .unsatisfiable : .bytes(max(0, count - suffix)...(count - 1))
    case (let first?, nil) where ends[1].isEmpty:
      return first < count ? .bytes(first...(count - 1)) : .unsatisfiable
    case (let first?, let last?) where first <= last:
      return first < count ? .bytes(first...min(last, count - 1)) : .unsatisfiable
    default: return nil
    }
  }
}
