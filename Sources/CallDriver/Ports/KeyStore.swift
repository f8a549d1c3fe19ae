public import CallCore

/// The keys that a server knows, without their secrets. Blocking and safe to call from several threads; loops never call it.
public protocol KeyStore: AnyObject, Sendable {
  /// All keys, revoked ones too, in the order in which they were added.
  func keys() throws(StoreError) -> [APIKey]

  /// Adds a key. In a full store the key that was revoked first makes room, and is counted as evicted; a key that may still count is
  /// never pushed out.
  /// - Returns: `.done`, `.taken` for an id that is there already, or `.full`.
  func add(_ key: APIKey) throws(StoreError) -> KeyChange

  /// Marks a key as revoked. The first time counts: again changes nothing.
  /// - Parameter instant: microseconds since 1970 UTC.
  /// - Returns: `.done` or `.missing`.
  func revoke(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange

  /// Notes that a key was used. An instant before the one that is noted changes nothing.
  /// - Parameter instant: microseconds since 1970 UTC.
  /// - Returns: `.done` or `.missing`.
  func recordUse(id: String, atUnixMicroseconds instant: Int64) throws(StoreError) -> KeyChange

  /// The keys that sign call tokens of every server with this store, the newest first: two at most. Where there is none, or the newest is
  /// as old as `rotation`, `candidate` becomes the newest one, and of the others only the one before it stays. Of servers that ask at
  /// once one candidate is taken.
  /// - Parameters:
  ///   - candidate: `TokenKey.byteCount` random bytes.
  ///   - rotation: longest time that a key is the newest.
  /// - Returns: none where the store is shared with nobody, so that no other server could know a token by its signature.
  func tokenKeys(candidate: [UInt8], rotation: CallDuration) throws(StoreError) -> [TokenKey]

  /// Whether the keys are there after a restart.
  var isLasting: Bool { get }

  /// How full the store is; its bytes are 0 where they are not counted.
  var usage: StoreUsage { get }
}

/// What became of a change to the kept keys.
public enum KeyChange: Sendable, Equatable {
  /// It is as was asked for.
  case done
  /// There is a key with this id already.
  case taken
  /// There is no key with this id.
  case missing
  /// All keys that may be kept still count; one must be revoked first.
  case full
}
