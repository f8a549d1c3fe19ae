/// First in, first out; adding and taking cost the same however long it is. Places of what was taken are given back: while it is used
/// when they are half of all, and all but `keptPlaces` once it is empty. `WorkerPool` bounds what waits in it.
package struct WorkQueue {
  /// Places that an empty queue keeps, and fewer than which are not worth giving back: some 3 KB.
  package static let keptPlaces = 64

  private var items: [QueuedWork?] = []
  private var head = 0

  /// Empty.
  package init() {}

  /// Pieces of work in it.
  package var count: Int { items.count - head }

  /// Places that memory is held for.
  package var places: Int { items.capacity }

  /// When the work at the front was queued; `nil` when empty.
  package var oldest: UInt64? { head < items.count ? items[head]?.since : nil }

  /// Adds at the end.
  package mutating func append(_ work: QueuedWork) { items.append(work) }

  /// Takes from the front; `nil` when empty.
  package mutating func removeFirst() -> QueuedWork? {
    guard head < items.count, let work = items[head] else { return nil }
    items[head] = nil
    head += 1
    if head == items.count {
      items.removeAll(keepingCapacity: items.capacity <= Self.keptPlaces)
      head = 0
    } else if head >= Self.keptPlaces, head * 2 >= items.count {
      items = Array(items[head...])
      head = 0
    }
    return work
  }
}

/// A piece of work that waits for a worker thread.
package struct QueuedWork {
  package let kind: WorkKind
  package let urgency: WorkerPool.Urgency
  /// When it was queued, by `MonotonicClock`.
  package let since: UInt64
  package let run: @Sendable () -> Void

  /// See the properties.
  package init(kind: WorkKind, urgency: WorkerPool.Urgency, since: UInt64, run: @escaping @Sendable () -> Void) {
    self.kind = kind
    self.urgency = urgency
    self.since = since
    self.run = run
  }
}

/// What a worker thread is asked for, so that its queue and its waits can be told apart.
public enum WorkKind: Int, Sendable, CaseIterable {
  /// Speech to text.
  case recognition
  /// Text to speech.
  case synthesis
  /// Anything else: the history, recordings, runs of test cases.
  case other
}
