import Bounds
package import CallCore

/// How many calls each key may still begin: so many in a minute and in a day. A value that is told the time.
package struct DialBudget: Sendable {
  /// Why a call may not begin now.
  package enum Refusal: Error, Sendable, Equatable {
    /// The key's calls of this minute are used up.
    case minute(retryAfterSeconds: Int)
    /// Those of this day are.
    case day(retryAfterSeconds: Int)
  }

  private struct Account: Sendable {
    var minute: TokenBucket
    var day: Int64
    var count = 0
  }

  /// Keys that are remembered; the one that dialed longest ago makes room. More keys than a server has.
  package static let keysMax = 10_000
  private static let daySeconds: Int64 = 86_400

  private let limits: DialLimits
  private var accounts = BoundedStore<String, Account>(entriesMax: keysMax)

  /// Nobody has dialed yet.
  package init(_ limits: DialLimits) { self.limits = limits }

  /// Counts a call of the key `id`.
  /// - Parameters:
  ///   - now: on any clock.
  ///   - unixSeconds: since 1970 UTC; days begin at midnight.
  package mutating func use(_ id: String, at now: Timestamp, unixSeconds: Int64) throws(Refusal) {
    let day = unixSeconds / Self.daySeconds
    var account =
      accounts.use(id) ?? Account(minute: TokenBucket(perMinute: limits.perMinute, atOnce: limits.perMinute), day: day)
    if account.day != day { (account.day, account.count) = (day, 0) }
    guard account.count < limits.perDay else {
      throw .day(retryAfterSeconds: Int(Self.daySeconds - unixSeconds % Self.daySeconds))
    }
    if let seconds = account.minute.takeOrWait(at: now) {
      throw .minute(retryAfterSeconds: seconds)
    }
    account.count += 1
    accounts.put(account, for: id)
  }
}
