/// How full a store is, for `/metrics`.
public struct StoreUsage: Sendable, Equatable {
  /// Calls kept.
  public var entries: Int
  /// Bytes kept, recordings included, by the store's own estimate.
  public var bytes: Int
  /// Calls that were pushed out by newer ones since the start.
  public var evicted: Int
  /// Recordings that were left out because they alone were larger than the store.
  public var recordingsDropped: Int
  /// Records that were taken and then could not be kept: the database refused them, or the program stopped before it was back.
  public var lost: Int
  /// Records that wait for the database.
  public var waiting: Int

  /// All values as described at the properties.
  public init(
    entries: Int = 0, bytes: Int = 0, evicted: Int = 0, recordingsDropped: Int = 0, lost: Int = 0, waiting: Int = 0
  ) {
    self.entries = entries
    self.bytes = bytes
    self.evicted = evicted
    self.recordingsDropped = recordingsDropped
    self.lost = lost
    self.waiting = waiting
  }
}
