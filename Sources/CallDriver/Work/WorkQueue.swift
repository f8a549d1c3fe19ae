/// First in, first out; taking from the front costs the same however long it is.
struct WorkQueue {
  private var items: [QueuedWork?] = []
  private var head = 0

  /// Pieces of work in it.
  var count: Int { items.count - head }

  /// When the work at the front was queued; `nil` when empty.
  var oldest: UInt64? { head < items.count ? items[head]?.since : nil }

  /// Adds at the end.
  mutating func append(_ work: QueuedWork) { items.append(work) }

  /// Takes from the front; `nil` when empty.
  mutating func removeFirst() -> QueuedWork? {
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
