import TestSupport
import WebSockets

/// Somebody else's HTTP service on a free port of this machine, until it is let go.
final class DoubledService: Sendable {
  private let loop: ServiceLoop
  private let acceptor: Acceptor

  /// - Parameters:
  ///   - name: of its thread.
  ///   - handler: answers it.
  init(_ name: String, _ handler: any HTTPHandler) throws {
    var configuration = ServiceLoopConfiguration()
    configuration.name = name
    configuration.httpHandler = handler
    loop = ServiceLoop(configuration: configuration) { QuietLoopHandler() }
    acceptor = try Acceptor(control: loop, media: [])
    try loop.start()
    try acceptor.start()
  }

  deinit {
    acceptor.stopAccepting()
    loop.stop()
  }

  var url: String { "http://127.0.0.1:\(acceptor.port)" }
}
