import TestSupport
import Glibc

/// One HTTP request to this machine.
enum PlainRequest {
  struct Failed: Error {
    let call: String
    let code: Int32
  }

  static func get(_ path: String, port: UInt16) throws -> (status: Int, body: String) {
    try send("GET", path, port: port)
  }

  /// - Parameter body: JSON.
  static func post(_ path: String, _ body: String, port: UInt16) throws -> (status: Int, body: String) {
    try send("POST", path, ["content-type": "application/json"], Array(body.utf8), port: port)
  }

  /// - Returns: the status, and the whole answer with its headers; bytes that are no UTF-8 are replaced.
  static func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], _ body: [UInt8] = [], port: UInt16
  ) throws -> (status: Int, body: String) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 240, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in(loopback: port)
    let code = address.withSockaddr { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    guard code == 0 else { throw Failed(call: "connect", code: errno) }
    var headers = headers
    headers["host"] = "127.0.0.1"
    headers["connection"] = "close"
    if method != "GET" { headers["content-length"] = "\(body.count)" }
    let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
    let request = Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8) + body
    var rest = request[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { break }  // the server answers before it has read everything
      rest = rest.dropFirst(count)
    }
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
