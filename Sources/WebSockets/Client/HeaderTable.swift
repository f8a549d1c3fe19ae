import CLibwebsockets

/// Copies text out of libwebsockets' header table, which is gone when the callback returns.
enum HeaderTable {
  static func value(of index: lws_token_indexes, in wsi: OpaquePointer) -> String? {
    let length = Int(lws_hdr_total_length(wsi, index))
    guard length > 0 else { return nil }
    return copied(length) { lws_hdr_copy(wsi, $0, Int32(length + 1), index) }
  }

  /// - Parameter name: lower case, without colon.
  static func value(named name: String, in wsi: OpaquePointer) -> String? {
    let key = name + ":"
    let length = Int(lws_hdr_custom_length(wsi, key, Int32(key.utf8.count)))
    guard length > 0 else { return nil }
    return copied(length) { lws_hdr_custom_copy(wsi, $0, Int32(length + 1), key, Int32(key.utf8.count)) }
  }

  private static func copied(_ length: Int, _ copy: (UnsafeMutablePointer<CChar>?) -> Int32) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
      buffer.initialize(repeating: 0)
      guard copy(buffer.baseAddress) >= 0 else { return nil }
      return String(decoding: UnsafeRawBufferPointer(buffer).prefix(length), as: UTF8.self)
    }
  }
}

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

/// Adds headers to a request libwebsockets is composing.
enum HeaderAppender {
  /// - Parameters:
  ///   - cursor: libwebsockets' pointer to its write position, `unsigned char **`.
  ///   - room: bytes left there.
  /// - Returns: false when they do not fit.
  static func append(
    _ headers: [(name: String, value: String)], wsi: OpaquePointer, cursor: UnsafeMutableRawPointer?, room: Int
  ) -> Bool {
    guard let cursor = cursor?.assumingMemoryBound(to: UnsafeMutablePointer<UInt8>?.self), let start = cursor.pointee
    else { return false }
    let end = start + room
    for (name, value) in headers {
      guard isClean(name), isClean(value) else { return false }
      let key = name.lowercased() + ":"
      let failed = key.withCString { key in
        key.withMemoryRebound(to: UInt8.self, capacity: name.utf8.count + 1) {
          lws_add_http_header_by_name(wsi, $0, value, Int32(value.utf8.count), cursor, end)
        }
      }
      if failed != 0 { return false }
    }
    return true
  }

  /// A line break would begin a header of its own.
  private static func isClean(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x09 } }
}
