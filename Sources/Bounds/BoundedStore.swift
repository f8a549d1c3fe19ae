import DequeModule

/// Values by key, bounded by entries and by bytes: the oldest make room, and are counted. What is never used again after it was put is
/// first in, first out; what `use` finds becomes the newest.
public struct BoundedStore<Key: Hashable, Value> {
  fileprivate struct Entry {
    var value: Value
    var bytes: Int
    var number: Int
  }

  fileprivate struct Place {
    let number: Int
    let key: Key
  }

  /// Places of no entry any more that are not worth a sweep.
  private static var strayMax: Int { 64 }

  /// Most entries.
  public let entriesMax: Int
  /// Most bytes; one entry is kept however large it is.
  public let bytesMax: Int
  /// Of all entries together, as they were told.
  public private(set) var bytes = 0
  /// Entries that had to make room.
  public private(set) var evicted = 0
  /// Counts up; that of the newest entry.
  public private(set) var lastNumber = 0

  private var entries: [Key: Entry] = [:]
  /// Oldest first. An entry that was taken out or became the newest leaves its place behind, which counts no more: its number is another.
  private var order: Deque<Place> = []

  /// - Parameters: 1 and up.
  public init(entriesMax: Int = .max, bytesMax: Int = .max) {
    precondition(entriesMax > 0, "a store keeps at least one entry")
    self.entriesMax = entriesMax
    self.bytesMax = bytesMax
  }

  /// Entries in it.
  public var count: Int { entries.count }

  /// Looks without making anything newer.
  public subscript(key: Key) -> Value? { entries[key]?.value }

  /// All of it with the numbers, which never come again: those of a page's end say where the next one begins.
  public var newestFirst: some Sequence<(number: Int, value: Value)> {
    order.reversed().lazy.compactMap { place in held(at: place).map { (place.number, $0) } }
  }

  /// All of it.
  public var oldestFirst: some Sequence<Value> { order.lazy.compactMap { held(at: $0) } }

  /// Looks, and makes what it finds the newest.
  public mutating func use(_ key: Key) -> Value? {
    guard let entry = entries[key] else { return nil }
    if entry.number != lastNumber {
      let number = newPlace(for: key)
      entries[key]?.number = number
      sweep()
    }
    return entry.value
  }

  /// Puts a value in, or in the place of the key's old one.
  public mutating func put(_ value: Value, for key: Key, bytes size: Int = 0) {
    let old = entries[key]
    entries[key] = Entry(value: value, bytes: size, number: old?.number ?? newPlace(for: key))
    bytes += size - (old?.bytes ?? 0)
    while count > entriesMax || (bytes > bytesMax && count > 1), let oldest = order.popFirst() {
      guard held(at: oldest) != nil else { continue }
      remove(oldest.key)
      evicted += 1
    }
  }

  /// Takes an entry out, which does not count as making room.
  public mutating func remove(_ key: Key) {
    guard let old = entries.removeValue(forKey: key) else { return }
    bytes -= old.bytes
    sweep()
  }

  /// Takes out what `isOver` holds for.
  public mutating func removeAll(where isOver: (Value) -> Bool) {
    for (key, entry) in entries where isOver(entry.value) { remove(key) }
  }

  private func held(at place: Place) -> Value? {
    guard let entry = entries[place.key], entry.number == place.number else { return nil }
    return entry.value
  }

  private mutating func newPlace(for key: Key) -> Int {
    lastNumber += 1
    order.append(Place(number: lastNumber, key: key))
    return lastNumber
  }

  /// Memory follows what is in it. Costs each place that was left behind once.
  private mutating func sweep() {
    guard order.count > 2 * entries.count + Self.strayMax else { return }
    order = Deque(order.filter { held(at: $0) != nil })
  }
}

extension BoundedStore: Sendable where Key: Sendable, Value: Sendable {}
extension BoundedStore.Entry: Sendable where Key: Sendable, Value: Sendable {}
extension BoundedStore.Place: Sendable where Key: Sendable {}
