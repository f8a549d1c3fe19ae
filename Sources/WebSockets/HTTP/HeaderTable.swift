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

  /// One `name=value` of the query, percent-decoded by libwebsockets.
  static func queryItem(_ number: Int, in wsi: OpaquePointer) -> String? {
    let length = Int(lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, Int32(number)))
    guard length > 0 else { return nil }
    return copied(length) {
      lws_hdr_copy_fragment(wsi, $0, Int32(length + 1), WSI_TOKEN_HTTP_URI_ARGS, Int32(number))
    }
  }

  private static func copied(_ length: Int, _ copy: (UnsafeMutablePointer<CChar>?) -> Int32) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
      buffer.initialize(repeating: 0)
      guard copy(buffer.baseAddress) >= 0 else { return nil }
      return String(decoding: UnsafeRawBufferPointer(buffer).prefix(length), as: UTF8.self)
    }
  }
}
