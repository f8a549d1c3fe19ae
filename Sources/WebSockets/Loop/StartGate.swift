import Glibc

/// Lets one thread wait until another has started or failed to.
final class StartGate: Sendable {
  private let semaphore = Semaphore()
  private let failure = Locked<WebSocketError?>(nil)

  func open(failure: WebSocketError?) {
    self.failure.withLock { $0 = failure }
    semaphore.signal()
  }

  /// - Returns: why it failed, if it did.
  func wait() -> WebSocketError? {
    semaphore.wait()
    return failure.withLock { $0 }
  }
}
