import Glibc

/// A plain TCP client, for what no well-behaved client does.
final class RawSocket {
  struct Failure: Error { let errno: Int32 }

  let descriptor: Int32
  private var isClosed = false

  init(port: UInt16, readSeconds: Int = 10) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 { throw Failure(errno: errno) }
    var time = timeval(tv_sec: readSeconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { hangUp() }

  /// Closes without a word; with unread data the kernel sends a reset.
  func hangUp() {
    guard !isClosed else { return }
    isClosed = true
    close(descriptor)
  }

  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  /// - Returns: what arrived, empty at the end of the stream, `nil` after the read time or a reset.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count < 0 ? nil : Array(buffer[..<count])
  }

  /// Reads until `isEnough` or the end of the stream; bytes that are no UTF-8 are replaced.
  func read(until isEnough: (String) -> Bool) -> String {
    var all: [UInt8] = []
    while !isEnough(String(decoding: all, as: UTF8.self)), let more = read(), !more.isEmpty { all += more }
    return String(decoding: all, as: UTF8.self)
  }

  /// Whether the peer closes, or resets, within the read time; what comes before is passed over.
  func isEnded() -> Bool {
    while let more = read() {
      if more.isEmpty { return true }
    }
    return errno == ECONNRESET
  }

  /// Sends a request without a body and reads to the end of the connection.
  func request(_ method: String, _ path: String) -> String {
    write("\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    return read { _ in false }
  }

  /// Does a WebSocket handshake.
  /// - Returns: the response's head and what came with it.
  func upgrade(path: String = "/v1/call", extra: String = "") -> String {
    write(
      "GET \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n"
        + "sec-websocket-protocol: voiceforge.v1\r\n\(extra)\r\n")
    return read { $0.contains("\r\n\r\n") }
  }

  /// A client's frame, masked unless told.
  static func frame(opcode: UInt8, _ payload: [UInt8], isMasked: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = [0x80 | opcode]
    let mask: UInt8 = isMasked ? 0x80 : 0
    if payload.count < 126 {
      bytes.append(mask | UInt8(payload.count))
    } else if payload.count < 65_536 {
      bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    } else {
      bytes += [mask | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - $0 * 8)) }
    }
    guard isMasked else { return bytes + payload }
    let key: [UInt8] = [1, 2, 3, 4]
    return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
  }

  /// Reads the server's frames up to its close frame.
  /// - Returns: its code, `nil` when the stream ended without one.
  func readCloseCode() -> Int? {
    var bytes: [UInt8] = []
    while true {
      while let frame = Self.takeFrame(from: &bytes) {
        if frame.opcode == 8, frame.payload.count >= 2 { return Int(frame.payload[0]) << 8 | Int(frame.payload[1]) }
      }
      guard let more = read(), !more.isEmpty else { return nil }
      bytes += more
    }
  }

  private static func takeFrame(from bytes: inout [UInt8]) -> (opcode: UInt8, payload: [UInt8])? {
    guard bytes.count >= 2 else { return nil }
    let lengthBytes =
      switch bytes[1] & 127 {
      case 126: 2
      case 127: 8
      default: 0
      }
    guard bytes.count >= 2 + lengthBytes else { return nil }
    let length = lengthBytes == 0 ? Int(bytes[1] & 127) : bytes[2..<2 + lengthBytes].reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count >= 2 + lengthBytes + length else { return nil }
    let frame = (bytes[0] & 15, Array(bytes[(2 + lengthBytes)..<(2 + lengthBytes + length)]))
    bytes.removeFirst(2 + lengthBytes + length)
    return frame
  }

  func write(message: String) { write(Self.frame(opcode: 1, Array(message.utf8))) }
}
