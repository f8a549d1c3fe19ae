import Synchronization

/// A number several threads count up without a lock.
final class Tally: Sendable {
  private let cell = Atomic<Int>(0)

  var value: Int {
    get { cell.load(ordering: .relaxed) }
    set { cell.store(newValue, ordering: .relaxed) }
  }

  func add() { cell.add(1, ordering: .relaxed) }
}
