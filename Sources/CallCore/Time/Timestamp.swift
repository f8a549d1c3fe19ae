/// An instant of one call, counted from the call's start on the driver's monotonic clock.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since the start of the call.
  public var microseconds: Int64

  /// - Parameter microseconds: since the start of the call.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The start of the call.
  public static let zero = Timestamp(microseconds: 0)

  /// Whole milliseconds since the start of the call, rounded down.
  public var milliseconds: Int { Int(microseconds / 1000) }

  /// Earlier or smaller.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// The instant `span` later.
  public static func + (instant: Timestamp, span: CallDuration) -> Timestamp {
    Timestamp(microseconds: instant.microseconds + span.microseconds)
  }

  /// The instant `span` earlier.
  public static func - (instant: Timestamp, span: CallDuration) -> Timestamp {
    Timestamp(microseconds: instant.microseconds - span.microseconds)
  }

  /// The time from `earlier` to `later`; negative when they are the other way round.
  public static func - (later: Timestamp, earlier: Timestamp) -> CallDuration {
    .microseconds(later.microseconds - earlier.microseconds)
  }
}
