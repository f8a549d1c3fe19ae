import CallCore

/// Keys of a caller that come as sound, as messages of the wire, or as both: each press counts once, whichever comes first.
struct PressedKeyFilter {
  /// How a key came.
  enum Source { case sound, message }

  /// A message and the sound of the same key are no further apart. Providers send the message when the key was released, through a path of its own.
  static let apartMax = CallDuration.seconds(2)
  /// Most keys that wait for the other half; of more the oldest is forgotten, so its other half would count. Nobody presses so many in 2 s.
  static let waitingMax = 32

  private var waiting: [(key: Key, source: Source, at: Timestamp)] = []

  init() { waiting.reserveCapacity(Self.waitingMax) }

  /// The sound of the key that came last goes on: its message comes when it is released.
  mutating func soundGoesOn(at now: Timestamp) {
    guard let place = waiting.lastIndex(where: { $0.source == .sound }) else { return }
    waiting[place].at = now
  }

  /// Takes in a key.
  /// - Returns: whether it is one that did not come before in the other way.
  mutating func admit(_ key: Key, from source: Source, at now: Timestamp) -> Bool {
    waiting.removeAll { now - $0.at > Self.apartMax }
    if let place = waiting.firstIndex(where: { $0.key == key && $0.source != source }) {
      waiting.remove(at: place)
      return false
    }
    if waiting.count == Self.waitingMax { waiting.removeFirst() }
    waiting.append((key, source, now))
    return true
  }
}
