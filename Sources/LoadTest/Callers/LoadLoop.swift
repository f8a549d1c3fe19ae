import CallCore
import WebSockets

/// A thread that carries load calls, a thousand and more.
final class LoadLoop: Sendable {
  private let loop: ServiceLoop

  init(number: Int, board: LoadBoard, offersTLS: Bool) {
    var configuration = ServiceLoopConfiguration()
    configuration.name = "load \(number)"
    configuration.checksMasking = false
    configuration.offersTLSClients = offersTLS
    configuration.ticksWhenIdle = true
    let slotCount = configuration.tickSlotCount
    loop = ServiceLoop(configuration: configuration) { LoadLoopHandler(board: board, slotCount: slotCount) }
  }

  func start() throws(WebSocketError) { try loop.start() }

  /// Calls that are up on it.
  var connectionCount: Int { loop.connectionCount }

  /// Begins a call.
  /// - Returns: false when the loop takes no more work; nothing happens then.
  func place(_ tape: CallerTape, call: Int, to url: String) -> Bool {
    loop.post { context in
      (context.handler as? LoadLoopHandler)?.place(tape, call: call, to: url, in: context)
    }
  }

  /// Ends every call; their ends are still reported.
  func cutOff() {
    _ = loop.post { context in (context.handler as? LoadLoopHandler)?.cutOff() }
  }

  /// Reports what is left and joins the thread.
  func stop() {
    _ = loop.post { context in (context.handler as? LoadLoopHandler)?.report() }
    loop.stop()
  }
}
