import Synchronization

/// The right to send the next piece of a body, once, from any thread.
///
/// Dropping it unused cuts the connection, so that no client takes half an answer for the whole.
public final class HTTPPiece: Sendable {
  private let mailbox: Mailbox
  private let socket: UInt64
  private let requestID: UInt64
  private let isUsed = Atomic<Bool>(false)

  init(mailbox: Mailbox, socket: UInt64, requestID: UInt64) {
    self.mailbox = mailbox
    self.socket = socket
    self.requestID = requestID
  }

  deinit {
    if !isUsed.load(ordering: .relaxed) { deliver(nil, isLast: true) }
  }

  /// Sends on. A second call is a programming error. When the client has gone meanwhile, the piece goes nowhere.
  ///
  /// - Parameters:
  ///   - bytes: held in memory until the client has taken them.
  ///   - isLast: the body ends with it.
  public func send(_ bytes: [UInt8], isLast: Bool) {
    precondition(!isUsed.exchange(true, ordering: .relaxed), "a piece is sent once")
    deliver(bytes, isLast: isLast)
  }

  /// Beyond the mailbox's capacity, because there is at most one for each connection, and those are limited.
  private func deliver(_ bytes: [UInt8]?, isLast: Bool) {
    _ = mailbox.post(beyondCapacity: true) { [socket, requestID] loop in
      loop.httpConnection(socket)?.goOn(with: bytes, isLast: isLast, in: requestID)
    }
  }
}
