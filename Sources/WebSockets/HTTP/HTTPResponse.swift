/// One HTTP response, whole.
public struct HTTPResponse: Sendable {
  /// 200 … 599.
  public var status: Int
  /// Further headers, any case. `Content-Length` and `Connection` are added, the security headers when absent.
  public var headers: [(name: String, value: String)]
  /// Not sent for `HEAD`, 204 and 304.
  public var body: [UInt8]
  /// The part of the body that is sent; `nil`: all of it.
  var part: Range<Int>?

  /// A response of parts.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
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
