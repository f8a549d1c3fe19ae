/// One step of the tables from one version to the next. A step that was ever released is never changed: a mistake in it is mended by
/// another step.
struct Migration: Sendable {
  /// The version of the tables behind it: 1 and up, without a gap.
  let version: Int
  /// For people.
  let title: String
  /// In order, in one transaction.
  let statements: [String]

  /// All steps, oldest first.
  static let all = [calls, tests, keys, usage, quotas]
  /// The version that this program works with.
  static let newest = all.count
}
