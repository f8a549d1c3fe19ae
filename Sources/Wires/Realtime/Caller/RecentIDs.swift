import CallCore

/// Ids in the order in which they came first, numbered from 1; the oldest are forgotten.
struct RecentIDs {
  struct Entry {
    var number: Int
    /// When it came first.
    var at: Timestamp
  }

  private static let countMax = 1024

  private var entries: [String: Entry] = [:]
  private var order: [String] = []
  private(set) var count = 0

  /// - Returns: what is known of it, which is new if it was not.
  @discardableResult
  mutating func insert(_ id: String, at now: Timestamp) -> Entry {
    if let entry = entries[id] { return entry }
    if order.count >= Self.countMax {
      for old in order.prefix(Self.countMax / 2) { entries[old] = nil }
      order.removeFirst(Self.countMax / 2)
    }
    count += 1
    let entry = Entry(number: count, at: now)
    entries[id] = entry
    order.append(id)
    return entry
  }

  func contains(_ id: String) -> Bool { entries[id] != nil }
}
