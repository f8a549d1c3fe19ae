import CallDriver
import Threads

/// Whether the service can be used, as far as is known.
final class RemoteHealth: Sendable {
  /// How it is.
  enum State: Sendable, Equatable {
    /// Nobody has looked yet.
    case unknown
    case well
    /// Says why.
    case away(String)
  }

  private let kept = Locked(State.unknown)
  private let contact = Latch()
  private let hadContact = Locked(false)
  private let tell: @Sendable (State) -> Void

  /// - Parameter tell: called on any thread when it is well after it was not, or the other way round.
  init(tell: @escaping @Sendable (State) -> Void) { self.tell = tell }

  var state: State { kept.withLock { $0 } }

  func note(_ state: State) {
    let before = kept.withLock { kept in
      defer { kept = state }
      return kept
    }
    if (before == .well) != (state == .well) || before == .unknown { tell(state) }
    if state == .well,
      !hadContact.withLock({ had in
        defer { had = true }; return had
      })
    {
      contact.open()
    }
  }

  /// Waits until the service was there once.
  /// - Returns: whether it was; the waiting may have been given up.
  func waitForContact() -> Bool {
    contact.wait()
    return hadContact.withLock { $0 }
  }

  /// Lets everybody through who waits.
  func giveUpWaiting() { contact.open() }
}
