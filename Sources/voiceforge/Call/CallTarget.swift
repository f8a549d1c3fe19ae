/// Where a call is placed.
struct CallTarget {
  /// Such as `ws://127.0.0.1:8080/v1/call`.
  let url: String
  /// The same server over HTTP, such as `http://127.0.0.1:8080`.
  let server: String

  /// - Parameters:
  ///   - text: a URL; the scheme may be that of the page, and it and the path may be left out.
  ///   - option: where it stood.
  ///   - example: a right one.
  /// - Throws: when it is none, with one that is.
  init(
    _ text: String, option: String = "--target", example: String = "ws://127.0.0.1:8080/v1/call"
  ) throws(CommandFault) {
    var rest = Substring(text)
    var isSecure = false
    for (scheme, secure) in [("ws://", false), ("http://", false), ("wss://", true), ("https://", true)]
    where text.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
      isSecure = secure
    }
    let host = rest.prefix { !"/?".contains($0) }
    let path = rest.dropFirst(host.count)
    guard !host.isEmpty, !rest.contains("://"), !rest.contains(where: \.isWhitespace) else {
      throw CommandFault("\(option): expected an address such as \(example), got \"\(text)\"")
    }
    let secure = isSecure ? "s" : ""
    url = "ws\(secure)://\(host)\(path.isEmpty || path == "/" ? "/v1/call" : path)"
    server = "http\(secure)://\(host)"
  }
}
