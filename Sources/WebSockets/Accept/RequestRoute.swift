/// Where the beginning of a connection's bytes says it belongs.
package enum RequestRoute: Equatable {
  /// The head is not complete; wait.
  case undecided
  /// A call path asked for with GET.
  case call
  /// Anything else of HTTP.
  case control
  /// Not HTTP: no method begins so.
  case garbage

  /// - Parameters:
  ///   - bytes: what has arrived, from the first byte on.
  ///   - isFull: nothing more can be looked at; a longer head is decided by its first line.
  package init(_ bytes: UnsafeRawBufferPointer, isFull: Bool, callPaths: Set<String>) {
    if let first = bytes.first, !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
      self = .garbage
    } else if !isFull, !Self.isHeadComplete(bytes) {
      self = .undecided
    } else {
      let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0].elementsEqual("GET".utf8) else {
        self = .control
        return
      }
      let path = String(decoding: parts[1].prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
      self = callPaths.contains(path) ? .call : .control
    }
  }

  /// The blank line that ends a head has arrived.
  private static func isHeadComplete(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var lineLength = 0
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        if lineLength == 0 { return true }
        lineLength = 0
      } else if byte != UInt8(ascii: "\r") {
        lineLength += 1
      }
    }
    return false
  }
}
