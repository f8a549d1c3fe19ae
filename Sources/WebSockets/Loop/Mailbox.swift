import DequeModule
import Threads

/// Work posted to a loop by other threads, in order, bounded.
///
/// The first item of a batch wakes the loop; the rest ride along, so a burst costs one `eventfd` write.
final class Mailbox: Sendable {
  typealias Work = @Sendable (LoopContext) -> Void

  private struct State {
    var items: Deque<Work> = []
    var wake: (@Sendable () -> Void)?
    var isClosed = false
  }

  private let capacity: Int
  private let state = Locked(State())

  init(capacity: Int) { self.capacity = capacity }

  /// Says how the loop is woken; called once on the loop's thread when it can be.
  func open(wake: @escaping @Sendable () -> Void) {
    state.withLock { $0.wake = wake }
  }

  /// - Parameter beyondCapacity: for work that is bounded elsewhere, such as one reply for each connection.
  /// - Returns: false when full or closed; the work is dropped then.
  func post(beyondCapacity: Bool = false, _ work: @escaping Work) -> Bool {
    state.withLock { state in
      guard !state.isClosed, beyondCapacity || state.items.count < capacity else { return false }
      state.items.append(work)
      // Woken under the lock: `close` cannot take the context away in between.
      if state.items.count == 1 { state.wake?() }
      return true
    }
  }

  /// Takes what was posted first. When there is more, the loop is woken again for it, after its sockets and ticks have had their turn.
  func drain(atMost count: Int) -> Deque<Work> {
    state.withLock { state in
      guard state.items.count > count else {
        let items = state.items
        state.items = []
        return items
      }
      let items = Deque(state.items.prefix(count))
      state.items.removeFirst(count)
      state.wake?()
      return items
    }
  }

  /// Refuses further work and returns what was left.
  func close() -> Deque<Work> {
    state.withLock { state in
      state.isClosed = true
      state.wake = nil
      let items = state.items
      state.items = []
      return items
    }
  }
}
