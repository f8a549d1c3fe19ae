import DequeModule

/// First in, first out; adding and taking cost the same however long it is. Memory follows what waits: it is given back when half of
/// those are gone that were in it, and all of it once it is empty. What it holds at most is for whoever adds.
public struct Queue<Element> {
  /// Places that are not worth giving back: some 3 KB of work for a thread.
  public static var keptPlaces: Int { 64 }

  private var elements: Deque<Element> = []
  /// Places that memory is held for, or up to half as many more.
  public private(set) var places = 0

  /// Empty.
  public init() {}

  /// Elements in it.
  public var count: Int { elements.count }

  /// Nothing in it.
  public var isEmpty: Bool { elements.isEmpty }

  /// The oldest.
  public var first: Element? { elements.first }

  /// Adds at the end.
  public mutating func append(_ element: Element) {
    elements.append(element)
    places = max(places, count)
  }

  /// Takes the oldest.
  public mutating func popFirst() -> Element? {
    defer { releaseFreeMemory() }
    return elements.popFirst()
  }

  /// The oldest `count`, which stay in it.
  public func prefix(_ count: Int) -> [Element] { Array(elements.prefix(count)) }

  /// Takes out what `isOver` holds for, wherever it stands.
  /// - Returns: it, the oldest first.
  public mutating func takeAll(where isOver: (Element) -> Bool) -> [Element] {
    var taken: [Element] = []
    elements.removeAll { element in
      let isTaken = isOver(element)
      if isTaken { taken.append(element) }
      return isTaken
    }
    releaseFreeMemory()
    return taken
  }

  private mutating func releaseFreeMemory() {
    guard places > Self.keptPlaces, count * 2 <= places else { return }
    elements = Deque(Array(elements))
    places = count
  }
}

extension Queue: Sendable where Element: Sendable {}
