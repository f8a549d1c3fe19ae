import TestSupport
import CallDriver
import Foundation
import Threads

/// A target that does what a test tells it: plain sockets of this machine, which can also do what no well-behaved server does.
/// Its connections end with it.
final class ScriptedTarget: Sendable {
  /// Descriptors of the connections that are up, and how many there were.
  private struct Connections: Sendable {
    var open: Set<Int32> = []
    var count = 0
  }

  let port: UInt16
  private let listener: Int32
  private let connections: Locked<Connections>

  /// - Parameter script: what to do with a connection, on a thread of its own; the connection is closed when it returns.
  init(_ script: @escaping @Sendable (ScriptedLine) -> Void) {
    let (listener, _, port) = sockaddr_in.listen(queue: 16)
    let connections = Locked(Connections())
    self.listener = listener
    self.connections = connections
    self.port = port
    Thread.detachNewThread {
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { break }
        // A program that a test starts would keep the connection up.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        connections.withLock {
          $0.open.insert(descriptor)
          $0.count += 1
        }
        Thread.detachNewThread {
          script(ScriptedLine(descriptor))
          connections.withLock {
            $0.open.remove(descriptor)
            close(descriptor)
          }
        }
      }
      close(listener)
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    connections.withLock { connections in
      for descriptor in connections.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  /// Where calls are placed.
  var url: String { "ws://127.0.0.1:\(port)/v1/call" }
  /// Connections so far.
  var count: Int { connections.withLock { $0.count } }
}
