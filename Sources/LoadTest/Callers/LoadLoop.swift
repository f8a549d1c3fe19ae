import CallCore
import Wires
import WebSockets

/// A thread that carries load calls, a thousand and more.
final class LoadLoop: Sendable {
  /// Time between two ticks in microseconds: arrivals are read to this, which is little against what is measured.
  private static let tickPeriod: UInt64 = 2_000
  /// Ticks of a frame of 20 ms: the calls' packets are spread over so many instants.
  private static let slotCount = 10

  private let loop: ServiceLoop

  init(number: Int, counters: LoadCounters, offersTLS: Bool, key: String?) {
    var configuration = ServiceLoopConfiguration()
    configuration.name = "load \(number)"
    configuration.checksMasking = false
    configuration.offersTLSClients = offersTLS
    configuration.ticksWhenIdle = true
    configuration.restsFromCount = 0
    configuration.messageBytesMax = ServerMessage.frameBytesMax
    configuration.tickPeriod = .microseconds(Int64(Self.tickPeriod))
    configuration.tickSlotCount = Self.slotCount
    loop = ServiceLoop(configuration: configuration) {
      LoadLoopHandler(counters: counters, key: key, slotCount: Self.slotCount, tickPeriod: Self.tickPeriod)
    }
  }

  func start() throws(WebSocketError) { try loop.start() }

  /// Calls that are up on it.
  var connectionCount: Int { loop.connectionCount }

  /// Begins a call.
  /// - Returns: false when the loop takes no more work; nothing happens then.
  func place(_ recorded: RecordedCaller, call: Int, to url: String) -> Bool {
    loop.post { context in
      (context.handler as? LoadLoopHandler)?.place(recorded, call: call, to: url, in: context)
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
