import TestSupport
import Glibc

/// Listens and accepts nobody, with as many connections waiting as its queue holds: the kernel drops what else comes.
final class FullListener {
  private var descriptors: [Int32] = []

  init(address: String, port: UInt16) throws {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = port.bigEndian
    inet_pton(AF_INET, address, &place.sin_addr)
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    func open(_ use: (Int32, UnsafePointer<sockaddr>) -> Void) {
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      descriptors.append(descriptor)
      withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { use(descriptor, $0) }
      }
    }
    var isListening = false
    open { isListening = bind($0, $1, length) == 0 && listen($0, 0) == 0 }
    guard isListening else { throw RawSocket.Failure(errno: errno) }
    for _ in 0..<4 {
      open { descriptor, place in
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = connect(descriptor, place, length)
      }
    }
  }

  deinit { close() }

  func close() {
    for descriptor in descriptors { Glibc.close(descriptor) }
    descriptors = []
  }
}
