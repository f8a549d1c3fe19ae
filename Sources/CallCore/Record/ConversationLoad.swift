/// How loaded a server is with conversations.
public struct ConversationLoad: Sendable, Equatable {
  /// Calls that are up.
  public var connections: Int
  /// Recognitions and sentences that wait for a thread.
  public var queueDepth: Int

  /// Both are 0 and up.
  public init(connections: Int, queueDepth: Int) {
    (self.connections, self.queueDepth) = (connections, queueDepth)
  }
}
