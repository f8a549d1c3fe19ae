import Glibc

/// A TCP client that sends what it is told and waits with an end.
struct LoopbackClient: ~Copyable {
  private let descriptor: Int32

  /// `nil` when the server does not take the connection.
  init?(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    // No descriptor stays behind in TIME_WAIT: an input uses one port, and there are many inputs.
    var reset = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
    guard result == 0 else { return nil }
  }

  deinit { close(descriptor) }

  /// Sends a segment. What the server does not take any more is left out.
  func send(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { _ = Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads until the server closes, or `isEnough`.
  /// - Returns: false when nothing came for `milliseconds`.
  func read(milliseconds: Int32, until isEnough: ([UInt8]) -> Bool = { _ in false }) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var all: [UInt8] = []
    while !isEnough(all) {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      var found: Int32
      // libFuzzer's own timer interrupts the wait.
      repeat { found = poll(&waiting, 1, milliseconds) } while found < 0 && errno == EINTR
      guard found > 0 else { return false }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return true }
      all += buffer[..<count]
    }
    return true
  }
}
