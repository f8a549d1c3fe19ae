public import CallCore

/// Voices that were matched to recordings. Blocking and safe to call from several threads; media loops never call it.
public protocol MatchedVoiceStore: AnyObject, Sendable {
  /// All of them, in the order in which they were added.
  func voices() throws(StoreError) -> [MatchedVoice]

  /// Adds one.
  /// - Returns: false when the store is full; then nothing changed.
  func add(_ voice: MatchedVoice) throws(StoreError) -> Bool

  /// Takes one away.
  /// - Returns: false when there is none of that id.
  func remove(id: Voice.ID) throws(StoreError) -> Bool
}
