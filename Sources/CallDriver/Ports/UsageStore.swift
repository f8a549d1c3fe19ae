public import CallCore

/// What was used by key and day. Blocking and safe to call from several threads; loops never call it.
///
/// A node counts by itself, and puts what it has counted *so far* in the place of what it had put there before. So putting the same
/// again changes nothing, and several nodes may share a store.
public protocol UsageStore: AnyObject, Sendable {
  /// Puts the figures of a node in the place of those it had put there for the same days and keys. When a bound is reached the oldest
  /// days make room.
  /// - Parameters:
  ///   - entries: at most one for each day and key.
  ///   - node: names a running server; another one, and the same one after a restart, is called differently.
  func save(_ entries: [UsageEntry], of node: String) throws(StoreError)

  /// What all nodes together have put there for days, in the order of `UsageEntry.isBefore`, one entry for each day and key.
  /// - Parameter days: since 1970 UTC.
  func entries(of days: ClosedRange<Int>) throws(StoreError) -> [UsageEntry]

  /// What each node has put there, the oldest days first, for whoever copies it.
  /// - Parameter limit: of several days the newest that fit.
  func shares(limit: Int) throws(StoreError) -> [UsageShare]

  /// How full the store is; each day of a key on a node is an entry.
  var usage: StoreUsage { get }
}
