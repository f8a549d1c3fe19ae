public import CallCore

/// A stretch in which one side is audible. Gaps of up to 20 ms inside it do not end it.
public struct SpeechSpan: Sendable, Hashable {
  /// Where the first sound begins.
  public var start: Timestamp
  /// Where the last sound ends.
  public var end: Timestamp

  /// - Parameter end: not before `start`.
  public init(start: Timestamp, end: Timestamp) {
    precondition(end >= start, "a span does not end before it begins")
    self.start = start
    self.end = end
  }

  /// Length.
  public var duration: CallDuration { end - start }

  /// The same so much later.
  func moved(by delay: CallDuration) -> SpeechSpan { SpeechSpan(start: start + delay, end: end + delay) }

  /// How much of it lies in `other`.
  public func overlap(with other: SpeechSpan) -> CallDuration {
    max(min(end, other.end) - max(start, other.start), .zero)
  }
}
