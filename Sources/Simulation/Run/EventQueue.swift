import CallCore

/// What is to happen at which instant. Of several at one instant, the one that was put in first comes first.
struct EventQueue<Event> {
  private struct Entry {
    var at: Timestamp
    var order: Int
    var event: Event
  }

  /// Latest first, so that the next one is taken from the end: a call has a handful of events ahead of it.
  private var entries: [Entry] = []
  private var count = 0

  mutating func schedule(_ event: Event, at instant: Timestamp) {
    let entry = Entry(at: instant, order: count, event: event)
    count += 1
    var index = entries.count
    while index > 0, (entries[index - 1].at, entries[index - 1].order) < (instant, entry.order) { index -= 1 }
    entries.insert(entry, at: index)
  }

  /// The next one, if it is due by `instant`.
  mutating func next(by instant: Timestamp) -> (at: Timestamp, event: Event)? {
    guard let last = entries.last, last.at <= instant else { return nil }
    entries.removeLast()
    return (last.at, last.event)
  }
}
