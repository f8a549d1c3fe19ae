public import Glibc

extension sockaddr_in {
  /// A port of 127.0.0.1; 0 for any.
  public init(loopback port: UInt16) {
    self.init()
    sin_family = sa_family_t(AF_INET)
    sin_port = port.bigEndian
    sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  }

  /// As the system's functions want it.
  public mutating func withSockaddr<Result>(_ body: (UnsafeMutablePointer<sockaddr>) -> Result) -> Result {
    withUnsafeMutablePointer(to: &self) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }

  /// A socket that listens on some port of 127.0.0.1.
  /// - Parameter queue: connections that may wait to be accepted.
  public static func listen(queue: Int32) -> (descriptor: Int32, address: sockaddr_in, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in(loopback: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = address.withSockaddr { place in
      bind(descriptor, place, length) | Glibc.listen(descriptor, queue) | getsockname(descriptor, place, &length)
    }
    precondition(code == 0, "any port can be had")
    return (descriptor, address, UInt16(bigEndian: address.sin_port))
  }

  /// A port of 127.0.0.1 that nobody listens on, of those that the system gives to nobody who asks for any (`ip_local_port_range` begins
  /// above them): no server and no connection of another test has it by the time that it is used.
  public static func freePort() -> UInt16 {
    while true {
      let port = UInt16.random(in: 20_000..<32_000)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      defer { close(descriptor) }
      var address = sockaddr_in(loopback: port)
      if address.withSockaddr({ bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }) == 0 { return port }
    }
  }
}
