/// A request under way, for whoever may want to give it up.
public struct HTTPClientTicket: Sendable {
  private let giveUp: @Sendable () -> Void

  /// - Parameter giveUp: does it; nothing for a request that is over already.
  init(giveUp: @escaping @Sendable () -> Void = {}) { self.giveUp = giveUp }

  /// Ends the request with `HTTPClientError.cancelled`, on the caller's thread before this returns, and closes its connection. Does
  /// nothing when the request is over. Any thread.
  public func cancel() { giveUp() }
}
