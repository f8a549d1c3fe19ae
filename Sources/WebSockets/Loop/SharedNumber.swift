import Synchronization

/// A number that any thread changes and reads; several of them together may be one change apart.
public final class SharedNumber: Sendable {
  private let cell = Atomic<Int>(0)

  /// As it is now.
  public var value: Int { cell.load(ordering: .relaxed) }

  /// - Returns: the sum.
  @discardableResult
  func add(_ amount: Int = 1) -> Int { cell.add(amount, ordering: .relaxed).newValue }

  func set(_ value: Int) { cell.store(value, ordering: .relaxed) }
}
