/// Whether a store can do its work.
public enum StoreHealth: Sendable, Equatable {
  /// It can.
  case well
  /// What is behind it is away. Says what, in words that anybody may read who can reach the server.
  case degraded(String)
}
