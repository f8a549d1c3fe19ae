import CLibwebsockets

/// Reads the headers of a response out of libwebsockets' table.
enum ResponseHeaders {
  private static let tokens: [(name: String, token: lws_token_indexes)] = [
    ("content-type", WSI_TOKEN_HTTP_CONTENT_TYPE), ("content-length", WSI_TOKEN_HTTP_CONTENT_LENGTH),
    ("transfer-encoding", WSI_TOKEN_HTTP_TRANSFER_ENCODING), ("location", WSI_TOKEN_HTTP_LOCATION),
    ("retry-after", WSI_TOKEN_HTTP_RETRY_AFTER), ("etag", WSI_TOKEN_HTTP_ETAG),
    ("cache-control", WSI_TOKEN_HTTP_CACHE_CONTROL), ("date", WSI_TOKEN_HTTP_DATE),
    ("content-range", WSI_TOKEN_HTTP_CONTENT_RANGE), ("last-modified", WSI_TOKEN_HTTP_LAST_MODIFIED),
    ("allow", WSI_TOKEN_HTTP_ALLOW), ("www-authenticate", WSI_TOKEN_HTTP_WWW_AUTHENTICATE),
  ]

  /// Names libwebsockets has no token for.
  private static let customNames = [
    "content-security-policy", "x-content-type-options", "x-frame-options", "x-request-id",
  ]

  static func read(from wsi: OpaquePointer) -> [String: String] {
    var headers: [String: String] = [:]
    for (name, token) in tokens { headers[name] = HeaderTable.value(of: token, in: wsi) }
    for name in customNames { headers[name] = HeaderTable.value(named: name, in: wsi) }
    return headers
  }
}
