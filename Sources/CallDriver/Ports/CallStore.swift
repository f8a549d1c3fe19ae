public import CallCore

/// The history of calls. Blocking and safe to call from several threads; media loops never call it.
public protocol CallStore: AnyObject, Sendable {
  /// Keeps a finished call. The oldest calls make room when a bound is reached; a call that is larger than the whole store
  /// loses its recording first and is then kept without. A call whose id is there already takes the place of that one, so
  /// that whoever is not sure may append again.
  func append(_ call: StoredCall) throws(StoreError)

  /// Finished calls, newest first.
  /// - Parameters:
  ///   - filter: what to list.
  ///   - limit: 1 … 200.
  ///   - cursor: where the last page ended, as it was given out; `nil` for the newest.
  /// - Throws: `.badCursor` for one that was never given out.
  func calls(matching filter: CallFilter, limit: Int, after cursor: String?) throws(StoreError) -> CallPage

  /// One call with its recording, or `nil` when it is not (or no longer) there.
  func call(id: String) throws(StoreError) -> StoredCall?

  /// Takes away all calls with a number, with their recordings: those whose metadata has it as `from` or `to`.
  /// - Returns: their ids.
  func removeAll(about number: String) throws(StoreError) -> [String]

  /// How full the store is. Quick: a store with a database behind it says what it saw last.
  var usage: StoreUsage { get }

  /// Whether the store can do its work. Quick.
  var health: StoreHealth { get }
}

extension CallStore {
  /// A store in memory always can.
  public var health: StoreHealth { .well }
}

/// A finished call as the history keeps it.
public struct StoredCall: Sendable {
  /// What was said and measured.
  public var record: CallRecord
  /// Both sides as packets; `nil` when none was made or it had to give way.
  public var recording: CallRecording?

  package init(record: CallRecord, recording: CallRecording?) {
    self.record = record
    self.recording = recording
  }
}
