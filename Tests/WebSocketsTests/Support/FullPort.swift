import TestSupport
import Glibc

/// A port whose queue of connections is full: the kernel answers nobody who wants another one.
final class FullPort {
  let port: UInt16
  private var descriptors: [Int32] = []

  init() {
    let (listener, place, port) = sockaddr_in.listen(queue: 0)
    self.port = port
    descriptors = [listener]
    var address = place
    for _ in 0..<4 {
      let descriptor = socket(
        AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      _ = address.withSockaddr { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      descriptors.append(descriptor)
    }
  }

  deinit { for descriptor in descriptors { close(descriptor) } }
}
