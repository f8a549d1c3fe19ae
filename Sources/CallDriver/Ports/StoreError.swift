/// Why a store could not do what was asked.
public enum StoreError: Error, Sendable, Equatable {
  /// The cursor was never given out by this store. The client must start from the first page.
  case badCursor(String)
  /// The database behind the store does not answer. The store says what becomes of the call.
  case unavailable(String)
}

/// Whether a store can do its work.
public enum StoreHealth: Sendable, Equatable {
  /// It can.
  case well
  /// What is behind it is away. Says what, in words that anybody may read who can reach the server.
  case degraded(String)
}

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

  package init(
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
