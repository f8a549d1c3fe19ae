import Glibc

/// A plain TCP client, for what no well-behaved client does.
final class RawSocket {
  let descriptor: Int32

  /// - Parameter receiveBytes: kernel buffer for what is not read; nil leaves it to the kernel, which takes megabytes.
  init(port: UInt16, receiveBytes: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var bytes = receiveBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 { throw RawSocketError(errno: errno) }
    setReadTimeout(seconds: 5)
  }

  deinit { hangUp() }

  private var isClosed = false
  /// Frames that came and were not read yet.
  private var frames: ArraySlice<UInt8> = []

  /// Closes; with unread data the kernel sends a reset.
  func hangUp() {
    guard !isClosed else { return }
    isClosed = true
    close(descriptor)
  }

  func setReadTimeout(seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  @discardableResult
  func write(_ text: String) -> Bool { write(Array(text.utf8)) }

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

  /// - Returns: what arrived, empty at the end of the stream, nil after 5 s of nothing or a reset.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count < 0 ? nil : Array(buffer[..<count])
  }

  /// Reads until `isEnough` or the end of the stream.
  func read(until isEnough: (String) -> Bool) -> String {
    var all: [UInt8] = []
    while !isEnough(String(decoding: all, as: UTF8.self)), let more = read(), !more.isEmpty { all += more }
    return String(decoding: all, as: UTF8.self)
  }

  func readToEnd() -> String {
    var all: [UInt8] = []
    while let more = read(), !more.isEmpty { all += more }
    return String(decoding: all, as: UTF8.self)
  }

  /// Whether the peer has closed within the read timeout; data before that is skipped.
  func isEnded() -> Bool {
    while let more = read() {
      if more.isEmpty { return true }
    }
    return errno == ECONNRESET
  }

  /// Does a WebSocket handshake.
  ///
  /// - Returns: the response's head.
  func upgrade(path: String = "/v1/call", extra: String = "sec-websocket-protocol: voiceforge.v1\r\n") -> String {
    write(
      "GET \(path) HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\(extra)\r\n")
    return read { $0.contains("\r\n\r\n") }
  }

  /// A client frame.
  static func frame(opcode: UInt8, _ payload: [UInt8], isLast: Bool = true, isMasked: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = [(isLast ? 0x80 : 0) | opcode]
    let mask: UInt8 = isMasked ? 0x80 : 0
    if payload.count < 126 {
      bytes.append(mask | UInt8(payload.count))
    } else {
      bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
    }
    guard isMasked else { return bytes + payload }
    let key: [UInt8] = [1, 2, 3, 4]
    return bytes + key + payload.enumerated().map { $1 ^ key[$0 & 3] }
  }

  /// Reads one short server frame; what came behind it is read next.
  func readFrame() -> (opcode: UInt8, payload: [UInt8])? {
    while frames.count < 2 || frames.count < 2 + Int(frames[frames.startIndex + 1] & 127) {
      guard let more = read(), !more.isEmpty else { return nil }
      frames.append(contentsOf: more)
    }
    let (start, count) = (frames.startIndex, 2 + Int(frames[frames.startIndex + 1] & 127))
    defer { frames = frames.dropFirst(count) }
    return (frames[start] & 15, Array(frames[start + 2..<start + count]))
  }

  /// Reads frames until a close frame.
  ///
  /// - Returns: its code; nil when the stream ended without one.
  func readCloseCode() -> Int? {
    while let frame = readFrame() {
      if frame.opcode == 8, frame.payload.count >= 2 { return Int(frame.payload[0]) << 8 | Int(frame.payload[1]) }
    }
    return nil
  }
}

struct RawSocketError: Error {
  let errno: Int32
}
