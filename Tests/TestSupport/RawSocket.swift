public import Glibc

/// A plain TCP client, for what no well-behaved client does.
public final class RawSocket {
  /// The system would not have it.
  public struct Failure: Error {
    /// Its number of the error.
    public let errno: Int32

    /// - Parameter errno: of the system.
    public init(errno: Int32 = Glibc.errno) { self.errno = errno }
  }

  /// Of the connection.
  public let descriptor: Int32
  private var isClosed = false
  /// Frames that came and were not read yet.
  private var frames: ArraySlice<UInt8> = []

  /// - Parameters:
  ///   - receiveBytes: kernel buffer for what is not read; nil leaves it to the kernel, which takes megabytes.
  ///   - readSeconds: longest wait for more.
  public init(port: UInt16, receiveBytes: Int32? = nil, readSeconds: Int = 120) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var bytes = receiveBytes {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in(loopback: port)
    let result = address.withSockaddr { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    if result != 0 { throw Failure() }
    setReadTimeout(seconds: readSeconds)
  }

  deinit { hangUp() }

  /// Closes without a word; with unread data the kernel sends a reset.
  public func hangUp() {
    guard !isClosed else { return }
    isClosed = true
    close(descriptor)
  }

  /// Longest wait for more.
  public func setReadTimeout(seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Sends all of it, unless the peer is gone.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
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

  /// Sends all of it, unless the peer is gone.
  @discardableResult
  public func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  /// - Returns: what arrived, empty at the end of the stream, `nil` after the read time or a reset.
  public func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count < 0 ? nil : Array(buffer[..<count])
  }

  /// Reads until `isEnough` or the end of the stream; bytes that are no UTF-8 are replaced.
  public func read(until isEnough: (String) -> Bool) -> String {
    var all: [UInt8] = []
    while !isEnough(String(decoding: all, as: UTF8.self)), let more = read(), !more.isEmpty { all += more }
    return String(decoding: all, as: UTF8.self)
  }

  /// Reads to the end of the stream; bytes that are no UTF-8 are replaced.
  public func readToEnd() -> String {
    var all: [UInt8] = []
    while let more = read(), !more.isEmpty { all += more }
    return String(decoding: all, as: UTF8.self)
  }

  /// Whether the peer closes, or resets, within the read time; what comes before is passed over.
  public func isEnded() -> Bool {
    while let more = read() {
      if more.isEmpty { return true }
    }
    return errno == ECONNRESET
  }

  /// Sends a request without a body and reads to the end of the connection.
  public func request(_ method: String, _ path: String) -> String {
    write("\(method) \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    return readToEnd()
  }

  /// Does a WebSocket handshake.
  /// - Parameters:
  ///   - protocols: that are offered.
  ///   - extra: further lines.
  /// - Returns: the response's head and what came with it.
  public func upgrade(
    path: String = "/v1/call", protocols: String? = "voiceforge.v1", extra: String = ""
  ) -> String {
    let offer = protocols.map { "sec-websocket-protocol: \($0)\r\n" } ?? ""
    write(
      "GET \(path) HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\(offer)\(extra)\r\n")
    return read { $0.contains("\r\n\r\n") }
  }

  /// A client's frame, masked unless told.
  public static func frame(
    opcode: UInt8, _ payload: [UInt8], isLast: Bool = true, isMasked: Bool = true
  ) -> [UInt8] {
    var bytes: [UInt8] = [(isLast ? 0x80 : 0) | opcode]
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

  /// Sends a text message.
  public func write(message: String) { write(Self.frame(opcode: 1, Array(message.utf8))) }

  /// Reads one frame of the server; what came behind it is read next.
  public func readFrame() -> (opcode: UInt8, payload: [UInt8])? {
    while true {
      if let frame = takeFrame() { return frame }
      guard let more = read(), !more.isEmpty else { return nil }
      frames += more
    }
  }

  /// Reads the server's frames up to its close frame.
  /// - Returns: its code, `nil` when the stream ended without one.
  public func readCloseCode() -> Int? {
    while let frame = readFrame() {
      if frame.opcode == 8, frame.payload.count >= 2 { return Int(frame.payload[0]) << 8 | Int(frame.payload[1]) }
    }
    return nil
  }

  private func takeFrame() -> (opcode: UInt8, payload: [UInt8])? {
    let bytes = frames.prefix(10).map { Int($0) }
    guard bytes.count >= 2 else { return nil }
    let short = bytes[1] & 127
    let head = 2 + (short == 126 ? 2 : short == 127 ? 8 : 0)
    guard bytes.count >= head else { return nil }
    let length = head == 2 ? short : bytes[2..<head].reduce(0) { $0 << 8 | $1 }
    guard frames.count >= head + length else { return nil }
    defer { frames = frames.dropFirst(head + length) }
    return (UInt8(bytes[0] & 15), Array(frames.dropFirst(head).prefix(length)))
  }
}
