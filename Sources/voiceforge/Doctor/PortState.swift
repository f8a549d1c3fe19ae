import Glibc

/// Whether a port can be listened on.
enum PortState {
  case free
  case used
  /// The address or the port cannot be had; the text says why.
  case notAllowed(String)

  /// Binds a socket and closes it again.
  /// - Parameter host: in digits.
  init(host: String, port: UInt16) {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let address = found?.pointee else {
      self = .notAllowed("not an IPv4 or IPv6 address in digits")
      return
    }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.ai_family, address.ai_socktype, 0)
    defer { close(descriptor) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.ai_addr, address.ai_addrlen) != 0 else {
      self = .free
      return
    }
    self = errno == EADDRINUSE ? .used : .notAllowed(String(cString: strerror(errno)))
  }
}
