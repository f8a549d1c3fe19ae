import Synchronization

/// How many calls there may be at once, and how many there are.
final class CallCapacity: Sendable {
  let limit: Int
  private let taken = Atomic<Int>(0)
  private let closed = Atomic<Bool>(false)
  private let lastNumber = Atomic<UInt64>(0)

  init(limit: Int) { self.limit = limit }

  /// Calls that are up.
  var takenCount: Int { taken.load(ordering: .relaxed) }
  var areAllTaken: Bool { takenCount >= limit }

  /// Counts a call. Whether there is a line for it was asked before: several loops may ask at once, so the limit can be passed by
  /// as many calls as there are loops.
  func take() { taken.add(1, ordering: .relaxed) }

  func giveBack() { taken.subtract(1, ordering: .relaxed) }

  /// Whether the server is going down and takes no calls.
  var isClosed: Bool { closed.load(ordering: .relaxed) }
  func close() { closed.store(true, ordering: .relaxed) }

  /// A number that no call of this process had before.
  func nextNumber() -> UInt64 { lastNumber.add(1, ordering: .relaxed).newValue }
}
