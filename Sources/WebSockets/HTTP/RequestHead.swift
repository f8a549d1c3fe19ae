import CLibwebsockets

/// Reads a request's head out of libwebsockets' header table, which is gone when the callback returns.
struct RequestHead {
  var request: HTTPRequest
  /// Declared length of the body; 0 without one.
  let contentLength: Int
  /// A body of unknown length is announced, which libwebsockets cannot read.
  let isLengthMissing: Bool
  /// The client understands a body of unknown length in chunks: HTTP/1.1.
  let takesChunks: Bool
  /// The client goes on using the connection.
  let keepsAlive: Bool

  init?(wsi: OpaquePointer, extraHeaders: [String]) {
    guard let (method, path) = Self.methodAndPath(of: wsi) else { return nil }
    var headers = Self.headers(of: wsi)
    for name in extraHeaders where headers[name] == nil { headers[name] = HeaderTable.value(named: name, in: wsi) }
    let declared = headers["content-length"]
    guard let length = declared.map({ Int($0) }) ?? 0, length >= 0 else { return nil }
    contentLength = length
    isLengthMissing =
      headers["transfer-encoding"] != nil || (declared == nil && ["POST", "PUT", "PATCH"].contains(method))
    let version = HeaderTable.value(of: WSI_TOKEN_HTTP, in: wsi)
    takesChunks = version == "HTTP/1.1"
    keepsAlive = Self.keepsAlive(version: version, headers["connection"])
    request = HTTPRequest(
      method: method, path: path, query: Self.query(of: wsi), headers: headers, peer: peerAddress(of: wsi))
  }

  /// Offered subprotocols in order.
  static func subprotocols(in headers: [String: String]) -> [String] {
    (headers["sec-websocket-protocol"] ?? "").split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
  }

  private static let tokens: [(name: String, token: lws_token_indexes)] = [
    ("host", WSI_TOKEN_HOST), ("origin", WSI_TOKEN_ORIGIN), ("connection", WSI_TOKEN_CONNECTION),
    ("authorization", WSI_TOKEN_HTTP_AUTHORIZATION), ("content-type", WSI_TOKEN_HTTP_CONTENT_TYPE),
    ("content-length", WSI_TOKEN_HTTP_CONTENT_LENGTH), ("transfer-encoding", WSI_TOKEN_HTTP_TRANSFER_ENCODING),
    ("accept", WSI_TOKEN_HTTP_ACCEPT), ("accept-language", WSI_TOKEN_HTTP_ACCEPT_LANGUAGE),
    ("accept-encoding", WSI_TOKEN_HTTP_ACCEPT_ENCODING), ("if-match", WSI_TOKEN_HTTP_IF_MATCH),
    ("if-none-match", WSI_TOKEN_HTTP_IF_NONE_MATCH),
    ("if-modified-since", WSI_TOKEN_HTTP_IF_MODIFIED_SINCE), ("range", WSI_TOKEN_HTTP_RANGE),
    ("if-range", WSI_TOKEN_HTTP_IF_RANGE), ("cookie", WSI_TOKEN_HTTP_COOKIE),
    ("user-agent", WSI_TOKEN_HTTP_USER_AGENT), ("referer", WSI_TOKEN_HTTP_REFERER),
    ("upgrade", WSI_TOKEN_UPGRADE), ("sec-websocket-key", WSI_TOKEN_KEY),
    ("sec-websocket-version", WSI_TOKEN_VERSION), ("sec-websocket-protocol", WSI_TOKEN_PROTOCOL),
    ("x-forwarded-for", WSI_TOKEN_X_FORWARDED_FOR),
    ("access-control-request-headers", WSI_TOKEN_HTTP_AC_REQUEST_HEADERS),
  ]

  private static let methods: [(name: String, token: lws_token_indexes)] = [
    ("GET", WSI_TOKEN_GET_URI), ("POST", WSI_TOKEN_POST_URI), ("HEAD", WSI_TOKEN_HEAD_URI),
    ("PUT", WSI_TOKEN_PUT_URI), ("PATCH", WSI_TOKEN_PATCH_URI), ("DELETE", WSI_TOKEN_DELETE_URI),
    ("OPTIONS", WSI_TOKEN_OPTIONS_URI),
  ]

  private static func methodAndPath(of wsi: OpaquePointer) -> (String, String)? {
    let found = methods.compactMap { method in HeaderTable.value(of: method.token, in: wsi).map { (method.name, $0) } }
    return found.count == 1 ? found.first : nil
  }

  private static func headers(of wsi: OpaquePointer) -> [String: String] {
    var headers: [String: String] = [:]
    for (name, index) in tokens { headers[name] = HeaderTable.value(of: index, in: wsi) }
    return headers
  }

  private static func query(of wsi: OpaquePointer) -> [HTTPRequest.QueryItem] {
    var items: [HTTPRequest.QueryItem] = []
    while let fragment = HeaderTable.queryItem(items.count, in: wsi) {
      let parts = fragment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      items.append(.init(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : ""))
    }
    return items
  }

  private static func keepsAlive(version: String?, _ connection: String?) -> Bool {
    switch connection?.lowercased() {
    case "keep-alive": true
    case "close": false
    default: version == "HTTP/1.1"
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}
