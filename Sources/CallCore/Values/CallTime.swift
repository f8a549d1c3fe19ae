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

/// A length of time in whole microseconds: integer arithmetic, so that replays are exact, and eight bytes, so that
/// it costs nothing on the media path (`Swift.Duration` has sixteen and attosecond arithmetic).
public struct CallDuration: Hashable, Comparable, Sendable {
  /// May be negative as the difference of two instants.
  public var microseconds: Int64

  /// - Parameter count: may be negative.
  public static func microseconds(_ count: Int64) -> CallDuration { CallDuration(microseconds: count) }
  /// - Parameter count: may be negative.
  public static func milliseconds(_ count: Int) -> CallDuration { CallDuration(microseconds: Int64(count) * 1000) }
  /// - Parameter count: may be negative.
  public static func seconds(_ count: Int) -> CallDuration { CallDuration(microseconds: Int64(count) * 1_000_000) }
  /// No time at all.
  public static let zero = CallDuration(microseconds: 0)

  /// Whole milliseconds, rounded to the nearest. Any 64 bits may be read out of a database: nothing is added before the division.
  public var milliseconds: Int { Int(microseconds / 1000 + microseconds % 1000 / 500) }
  /// For showing and for rates, not for decisions.
  public var seconds: Double { Double(microseconds) / 1_000_000 }

  /// Earlier or smaller.
  public static func < (left: CallDuration, right: CallDuration) -> Bool { left.microseconds < right.microseconds }
  /// The sum; overflow traps.
  public static func + (left: CallDuration, right: CallDuration) -> CallDuration {
    CallDuration(microseconds: left.microseconds + right.microseconds)
  }
  /// The sum of lengths that a database or another server gave, which any 64 bits may be: the greatest or least there is where it would
  /// overflow.
  public func clampedSum(_ other: CallDuration) -> CallDuration {
    let (sum, isTooGreat) = microseconds.addingReportingOverflow(other.microseconds)
    return .microseconds(isTooGreat ? (other.microseconds < 0 ? .min : .max) : sum)
  }
  /// The difference; may be negative.
  public static func - (left: CallDuration, right: CallDuration) -> CallDuration {
    CallDuration(microseconds: left.microseconds - right.microseconds)
  }
  /// Lengthens `left`.
  public static func += (left: inout CallDuration, right: CallDuration) { left.microseconds += right.microseconds }
  /// `factor` times as long.
  public static func * (left: CallDuration, factor: Int) -> CallDuration {
    CallDuration(microseconds: left.microseconds * Int64(factor))
  }
}
