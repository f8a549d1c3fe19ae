import CLibwebsockets

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
