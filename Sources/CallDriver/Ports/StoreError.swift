/// Why a store could not do what was asked.
public enum StoreError: Error, Sendable, Equatable {
  /// The cursor was never given out by this store. The client must start from the first page.
  case badCursor(String)
  /// The database behind the store does not answer. The store says what becomes of the call.
  case unavailable(String)
}
