public import CallCore

/// Marks that were set behind the agent's sentences and have not come back. One that comes back because we had the queue dropped says
/// nothing about what was played.
struct PlaybackMarks {
  /// Up to where something was played.
  struct Point: Equatable {
    /// Which utterance.
    var utterance: UtteranceID
    /// How much of it stands before the mark.
    var played: CallDuration
    /// When that was due to be heard.
    var due: Timestamp
  }

  /// Marks on their way at once. A platform that returns none gets no more of them.
  static let countMax = 256

  private var points: [Point] = []
  private var firstNumber = 1
  /// Points before this place were dropped before they were played.
  private var clearedCount = 0
  private var played = CallDuration.zero
  private var utterance: UtteranceID?

  init() { points.reserveCapacity(Self.countMax) }

  /// A packet of 20 ms went out.
  mutating func countPacket(of utterance: UtteranceID) {
    if self.utterance != utterance { (self.utterance, played) = (utterance, .zero) }
    played = played + .milliseconds(20)
  }

  /// Sets a mark behind what went out so far.
  /// - Returns: its number; `nil` when too many are on their way.
  mutating func add(due: Timestamp) -> Int? {
    guard let utterance, points.count < Self.countMax else { return nil }
    points.append(Point(utterance: utterance, played: played, due: due))
    return firstNumber + points.count - 1
  }

  /// The mark could not be sent.
  mutating func removeLast() { points.removeLast() }

  /// What is queued at the platform is dropped now.
  mutating func clear() { clearedCount = points.count }

  /// Whether a mark is on its way that tells something.
  var isWaiting: Bool { points.count > clearedCount }

  /// A mark came back; those before it are not waited for any more.
  /// - Returns: what was played; `nil` when the mark is unknown, or was dropped with what stood before it.
  mutating func returned(_ number: Int) -> Point? {
    // What a peer names may be any number.
    guard number >= firstNumber, points.indices.contains(number - firstNumber) else { return nil }
    let place = number - firstNumber
    let point = place < clearedCount ? nil : points[place]
    points.removeFirst(place + 1)
    firstNumber += place + 1
    clearedCount = max(clearedCount - place - 1, 0)
    return point
  }
}

/// How much later than we reckon a platform plays what it was sent, by the marks that came back. What was played of an utterance that was
/// cut off follows from it.
public struct PlaybackDelay: Sendable {
  private var delay = CallDuration.zero
  private var last: (utterance: UtteranceID, played: CallDuration)?

  /// As good as nothing until a mark comes back.
  public init() {}

  /// A mark came back.
  /// - Parameters:
  ///   - played: of the utterance up to the mark.
  ///   - due: when that was due to be heard.
  public mutating func markReturned(_ utterance: UtteranceID, _ played: CallDuration, due: Timestamp, at now: Timestamp)
  {
    delay = max(now - due, .zero)
    last = (utterance, played)
  }

  /// What was really played of an utterance that was cut off.
  /// - Parameter reckoned: by our own clock.
  /// - Returns: at least what the last mark stands for, at most what was reckoned.
  public func played(_ utterance: UtteranceID, reckoned: CallDuration) -> CallDuration {
    let known = last.flatMap { $0.utterance == utterance ? $0.played : nil } ?? .zero
    return min(max(reckoned - delay, known, .zero), reckoned)
  }
}
