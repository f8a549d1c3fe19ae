/// The owner of what happens on one service loop. Made on the loop's thread and called only there, so it needs no locks.
public protocol LoopHandler: WebSocketEvents {
  /// The loop's clock: every `tickPeriod`, with slots 0 … `tickSlotCount` − 1 in turn. Calls give themselves a slot each,
  /// so that their work spreads over the frame. After a stall at most one round of slots is made up for.
  ///
  /// - Parameter now: microseconds of `MonotonicClock`, read for this tick.
  func tick(at now: UInt64, slot: Int)

  /// A peer asks for a WebSocket here. Decide at once: nothing else happens on the loop meanwhile.
  func upgradeRequested(_ upgrade: UpgradeRequest) -> UpgradeDecision
}

extension LoopHandler {
  /// Loops that only connect outwards take no WebSockets in.
  public func upgradeRequested(_ upgrade: UpgradeRequest) -> UpgradeDecision {
    .refuse(HTTPResponse(status: 404))
  }
}

/// What happens to WebSockets, told on their loop's thread.
public protocol WebSocketEvents: AnyObject {
  /// The handshake is done; the connection may send.
  func opened(_ connection: WebSocketConnection)

  /// One whole message, fragments joined.
  ///
  /// - Parameters:
  ///   - bytes: valid during the call only; at most `messageBytesMax`; UTF-8 was checked when `isText`.
  ///   - now: microseconds of `MonotonicClock` at which the last byte was read.
  func received(_ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64)

  /// A message was longer than the connection takes, and nothing of it was kept; only after `takeMessages`.
  func skippedMessage(on connection: WebSocketConnection)

  /// The connection is over: exactly once for each `opened`.
  ///
  /// - Parameter code: the close code of RFC 6455 section 7.4; 1006 when the peer vanished, 1005 when it named none.
  func closed(_ connection: WebSocketConnection, code: Int, reason: String)
}

extension WebSocketEvents {
  /// Nobody asked for it: a message that is too long closes the connection.
  public func skippedMessage(on connection: WebSocketConnection) {}
}

/// A peer's wish to open a WebSocket.
public struct UpgradeRequest: Sendable {
  /// The HTTP request as it came: path, query, headers, peer.
  public let request: HTTPRequest
  /// Subprotocols the peer offers, in its order of preference.
  public let subprotocols: [String]
}

/// The answer to an `UpgradeRequest`.
public enum UpgradeDecision: Sendable {
  /// Switch to WebSocket.
  case accept
  /// Switch to WebSocket; the connection has this as its `context` when it is opened.
  case acceptWith(any AnyObject & Sendable)
  /// Answer with this response and close the connection.
  case refuse(HTTPResponse)

  /// The refusal in its parts.
  public static func refuse(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) -> Self {
    .refuse(HTTPResponse(status: status, headers: headers, body: body))
  }
}

/// Where a connection goes on that asks to become a WebSocket.
public enum UpgradeRoute: Sendable {
  /// On the loop that has it, whose handler is asked.
  case here
  /// On another loop, whose handler is asked.
  case loop(ServiceLoop)
  /// No further: this is the answer.
  case refuse(HTTPResponse)
}

/// The handler of a loop that only carries clients or HTTP: takes no WebSockets in and does nothing on ticks.
public final class QuietLoopHandler: LoopHandler {
  /// A handler without state.
  public init() {}

  /// Nothing to do.
  public func tick(at now: UInt64, slot: Int) {}
  /// Never called: this loop takes none in.
  public func opened(_ connection: WebSocketConnection) {}
  /// Never called.
  public func received(
    _ bytes: UnsafeRawBufferPointer, isText: Bool, on connection: WebSocketConnection, at now: UInt64
  ) {}
  /// Never called.
  public func closed(_ connection: WebSocketConnection, code: Int, reason: String) {}
}
