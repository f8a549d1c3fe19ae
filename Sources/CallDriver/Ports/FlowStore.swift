public import CallCore

/// Flows that a server keeps, with their earlier versions. Blocking and safe to call from several threads; loops never call it.
///
/// It keeps texts and does not read them: whoever saves one has found it right.
public protocol FlowStore: AnyObject, Sendable {
  /// The newest version of each flow, sorted by name.
  func flows() throws(StoreError) -> [FlowVersion]

  /// The versions of a flow that are kept, the newest first; none when there is no such flow.
  func versions(of name: String) throws(StoreError) -> [FlowVersion]

  /// Adds a flow with its first version.
  /// - Parameter now: microseconds since 1970 UTC.
  /// - Returns: `.done`, `.taken` or `.full`.
  func add(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange

  /// Adds a version to a flow, if `version` is still its newest.
  /// - Parameter now: microseconds since 1970 UTC.
  /// - Returns: `.done`, `.missing`, `.outdated` or `.full`.
  func save(_ name: String, text: String, after version: Int, at now: Int64) throws(StoreError) -> FlowChange

  /// Takes a flow away with all its versions, if `version` is still its newest.
  /// - Returns: `.done`, `.missing` or `.outdated`.
  func remove(_ name: String, at version: Int) throws(StoreError) -> FlowChange

  /// Takes over a flow of the server's folder: adds it, or saves it as the newest version when the folder's text has changed since it
  /// was brought last. A text that is among the kept versions of a flow that was never brought has been there before.
  /// - Parameter now: microseconds since 1970 UTC.
  /// - Returns: `.done` with the version that was made, `.taken` when what is kept counts, or `.full`.
  func importFile(_ name: String, text: String, at now: Int64) throws(StoreError) -> FlowChange

  /// Another number after every change, whoever made it. Quicker than `flows`.
  func revision() throws(StoreError) -> Int

  /// How full the store is; each flow is an entry.
  var usage: StoreUsage { get }
}

/// What became of a change to the flows.
public enum FlowChange: Sendable, Equatable {
  /// It was made; with the version that counts now, or the last one of a flow that was removed.
  case done(FlowVersion)
  /// Nothing changed: there is a flow of this name already.
  case taken
  /// Nothing changed: there is no such flow.
  case missing
  /// Nothing changed: somebody else has changed the flow meanwhile.
  case outdated(current: Int)
  /// Nothing changed: there is no room. Names the limit, in words.
  case full(limit: String)
}
