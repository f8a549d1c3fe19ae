import Glibc
import TestSupport

/// A line between one client and a server, which keeps what the client sends and can put bytes into what the server sends.
final class TappedLine: Sendable {
  let port: UInt16
  /// What the client sent so far, its handshake first.
  let sent = Probe<[UInt8]>([])
  private let client = Probe<Int32>(-1)
  private let listener: Int32
  private let thread: Poster

  init(to serverPort: UInt16) {
    let (listener, _, port) = sockaddr_in.listen(queue: 1)
    self.listener = listener
    self.port = port
    let (sent, client) = (sent, client)
    thread = Poster {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      client.change { $0 = descriptor }
      let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in(loopback: serverPort)
      let code = address.withSockaddr { connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      if code == 0 { Self.carry(between: descriptor, and: server, sent) }
      shutdown(descriptor, Int32(SHUT_RDWR))
      close(server)
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    let descriptor = client.current
    if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_RDWR)) }
    thread.join()
    if descriptor >= 0 { close(descriptor) }
    close(listener)
  }

  var url: String { "ws://127.0.0.1:\(port)/v1/call" }

  /// Sends bytes to the client as if they were the server's.
  func inject(_ bytes: [UInt8]) { Self.write(bytes, to: client.current) }

  /// Carries bytes both ways until one end closes.
  private static func carry(between client: Int32, and server: Int32, _ sent: Probe<[UInt8]>) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      var ends = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&ends, nfds_t(ends.count), -1) > 0 else { return }
      for (index, end) in ends.enumerated() where end.revents != 0 {
        let count = recv(end.fd, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        let bytes = Array(buffer[..<count])
        if index == 0 { sent.change { $0 += bytes } }
        write(bytes, to: index == 0 ? server : client)
      }
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var place = 0
    while place < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress.map { $0 + place }, bytes.count - place, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      place += count
    }
  }
}
