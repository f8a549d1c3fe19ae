import CallCore
import CallDriver
import Threads

/// The telephone numbers of all keys, known by heart, so that loops find who answers a call without asking a store. Another server's change
/// is known after a look of `StoreWatch`.
final class NumberCatalog: Sendable {
  private struct State {
    var numbers: [String: TelephonyNumber] = [:]
    var revision: Int?
  }

  private let store: any TelephonyResourceStore<TelephonyNumber>
  private let state = Locked(State())

  /// Knows nothing yet.
  init(store: any TelephonyResourceStore<TelephonyNumber>) { self.store = store }

  /// The row of a number; `nil`: it has none.
  subscript(number: String) -> TelephonyNumber? { state.withLock { $0.numbers[number] } }

  /// Looks whether anything changed, and reads it then. Blocks.
  func refresh() throws(StoreError) {
    let revision = try store.revision()
    guard state.withLock({ $0.revision != revision }) else { return }
    let all = try store.all(of: nil)
    state.withLock { state in
      state.numbers = Dictionary(all.map { ($0.number, $0) }, uniquingKeysWith: { $1 })
      state.revision = revision
    }
  }
}
