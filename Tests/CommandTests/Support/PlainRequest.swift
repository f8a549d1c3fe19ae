import Glibc

/// One HTTP request to this machine.
enum PlainRequest {
  struct Failed: Error {
    let call: String
    let code: Int32
  }

  static func get(_ path: String, port: UInt16) throws -> (status: Int, body: String) {
    try send("GET \(path) HTTP/1.1\r\n", port: port)
  }

  /// - Parameter body: JSON.
  static func post(_ path: String, _ body: String, port: UInt16) throws -> (status: Int, body: String) {
    let head = "POST \(path) HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n"
    return try send(head, body, port: port)
  }

  private static func send(_ head: String, _ body: String = "", port: UInt16) throws -> (status: Int, body: String) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in(loopback: port)
    let code = address.withSockaddr { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    guard code == 0 else { throw Failed(call: "connect", code: errno) }
    let request = "\(head)host: 127.0.0.1\r\nconnection: close\r\n\r\n\(body)"
    _ = Glibc.send(descriptor, request, request.utf8.count, Int32(MSG_NOSIGNAL))
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &piece, piece.count, 0)
      guard count > 0 else { break }
      answer += piece[..<count]
    }
    let text = String(decoding: answer, as: UTF8.self)
    let head = text.prefix(while: { $0 != "\r\n" }).split(separator: " ")
    return (head.count > 1 ? Int(head[1]) ?? 0 : 0, text)
  }
}
