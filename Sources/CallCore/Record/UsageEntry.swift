/// What one key used on one day.
public struct UsageEntry: Sendable, Hashable {
  /// Days since 1970 UTC.
  public var day: Int
  /// Id of the key; `nil` for what needed none, or was refused before its key was looked at.
  public var key: String?
  /// What was used.
  public var counts: UsageCounts

  /// See the properties.
  public init(day: Int, key: String?, counts: UsageCounts) {
    self.day = day
    self.key = key
    self.counts = counts
  }

  /// The order of reports: by day, and within one by key, what needed none first.
  public static func isBefore(_ left: UsageEntry, _ right: UsageEntry) -> Bool {
    (left.day, left.key ?? "") < (right.day, right.key ?? "")
  }
}
