/// First in, first out; taking from the front costs the same however long it is.
struct WorkQueue {
  private var items: [(@Sendable () -> Void)?] = []
  private var head = 0

  /// Pieces of work in it.
  var count: Int { items.count - head }

  /// Adds at the end.
  mutating func append(_ work: @escaping @Sendable () -> Void) { items.append(work) }

  /// Takes from the front; `nil` when empty.
  mutating func removeFirst() -> (@Sendable () -> Void)? {
    guard head < items.count, let work = items[head] else { return nil }
    items[head] = nil
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: true)
      head = 0
    }
    return work
  }
}
