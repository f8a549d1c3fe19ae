import TestSupport
import Glibc

/// A server of a few lines that answers every connection with the same bytes, right or wrong.
final class SilentPeer: Sendable {
  let connections = Probe(0)
  let port: UInt16
  private let listener: Int32
  private let thread: Poster

  /// - Parameter hangsUp: closes after the answer, else keeps the connection open until the server goes.
  init(answer: String, hangsUp: Bool = false) {
    let (listener, _, port) = sockaddr_in.listen(queue: 16)
    self.port = port
    self.listener = listener
    let connections = connections
    thread = Poster { Self.serve(listener, answer: Array(answer.utf8), hangsUp: hangsUp, connections) }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    thread.join()
    close(listener)
  }

  var url: String { "http://127.0.0.1:\(port)/" }

  private static func serve(_ listener: Int32, answer: [UInt8], hangsUp: Bool, _ connections: Probe<Int>) {
    var open: [Int32] = []
    while true {
      let descriptor = accept(listener, nil, nil)
      if descriptor < 0 { break }
      var buffer = [UInt8](repeating: 0, count: 4_096)
      _ = recv(descriptor, &buffer, buffer.count, 0)
      _ = send(descriptor, answer, answer.count, Int32(MSG_NOSIGNAL))
      if hangsUp { close(descriptor) } else { open.append(descriptor) }
      connections.change { $0 += 1 }
    }
    for descriptor in open { close(descriptor) }
  }
}
