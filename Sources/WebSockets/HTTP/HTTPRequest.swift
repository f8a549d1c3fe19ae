/// One HTTP request, whole.
public struct HTTPRequest: Sendable {
  /// One `name=value` of the query, percent-decoded.
  public struct QueryItem: Sendable, Equatable {
    /// Left of the first `=`.
    public var name: String
    /// Right of it; empty without one.
    public var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// As sent, case and all: `GET`, `POST` …
  public var method: String
  /// Path without query, percent-decoded, `.` and `..` resolved; begins with `/`, but for the `*` of `OPTIONS *`.
  public var path: String
  /// Query items in order.
  public var query: [QueryItem]
  /// Path and query as they were written, for what was signed with them.
  public var target = ""
  /// Values by lower-case name. Of a name that came more than once, with commas between.
  public var headers: [String: String]
  /// At most `requestBodyBytesMax` bytes.
  public var body: [UInt8]
  /// Peer's address in digits.
  public var peer: String
  /// What the handler found out when the body was announced, for when it answers.
  public var attachment: (any Sendable)?
  /// What the body holds of the loop's budget.
  var held: HeldBytes?

  package init(
    method: String, path: String, query: [QueryItem] = [], headers: [String: String] = [:], body: [UInt8] = [],
    peer: String = ""
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.peer = peer
  }

  /// First value of the query item `name`.
  public func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// The fields of a body of the type `application/x-www-form-urlencoded`, in order; `nil` when it is none.
  public static func formFields(_ body: [UInt8]) -> [QueryItem]? {
    body.withUnsafeBytes { bytes in
      do throws(HTTPFault) { return try RequestLine.query(bytes[...]) } catch { return nil }
    }
  }

  /// `Origin` as sent: browsers name it unless a page reads what is its own, programs seldom.
  public var origin: String? { headers["origin"] }

  /// False when a page of another origin asks: its `Origin` is none of `http` or `https` with the host and port that `Host` names.
  public var isSameOrigin: Bool {
    guard let origin else { return true }
    guard let page = WebOrigin(origin), page.isOfWeb, let host = headers["host"].flatMap({ HostAndPort($0) }) else {
      return false
    }
    return page.isAt(host)
  }
}
