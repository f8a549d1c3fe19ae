import CLibwebsockets
import Glibc

/// A listening TCP socket, non-blocking.
struct ListeningSocket {
  let descriptor: Int32
  let port: UInt16

  init(_ configuration: AcceptorConfiguration) throws(WebSocketError) {
    let (address, port) = (configuration.address, configuration.port)
    if let plain = Self.ipv4(address, port) {
      (descriptor, self.port) = try Self.listen(plain, AF_INET, configuration)
    } else if let long = Self.ipv6(address, port) {
      (descriptor, self.port) = try Self.listen(long, AF_INET6, configuration)
    } else {
      throw .invalidAddress(address)
    }
  }

  private static func ipv4(_ text: String, _ port: UInt16) -> sockaddr_in? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    return inet_pton(AF_INET, text, &address.sin_addr) == 1 ? address : nil
  }

  private static func ipv6(_ text: String, _ port: UInt16) -> sockaddr_in6? {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    return inet_pton(AF_INET6, text, &address.sin6_addr) == 1 ? address : nil
  }

  private static func listen<Address>(
    _ address: Address, _ family: Int32, _ configuration: AcceptorConfiguration
  ) throws(WebSocketError) -> (Int32, UInt16) {
    let descriptor = vf_tcp_socket(family)
    guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = address
    let bound = withSocketAddress(&address) { bind(descriptor, $0, $1) }
    guard bound == 0, Glibc.listen(descriptor, configuration.backlog) == 0 else {
      let code = errno
      close(descriptor)
      if code == EADDRINUSE { throw .addressInUse(address: configuration.address, port: configuration.port) }
      throw .cannotListen(address: configuration.address, port: configuration.port, errno: code)
    }
    return (descriptor, boundPort(of: descriptor))
  }

  /// Both families keep the port in the same place.
  private static func boundPort(of descriptor: Int32) -> UInt16 {
    var address = sockaddr_in6()
    var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
    }
    return UInt16(bigEndian: address.sin6_port)
  }

  private static func withSocketAddress<Address>(
    _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
    }
  }
}
