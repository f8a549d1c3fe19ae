/// Where a connection goes on that asks to become a WebSocket.
public enum UpgradeRoute: Sendable {
  /// On the loop that has it, whose handler is asked.
  case here
  /// On another loop, whose handler is asked.
  case loop(ServiceLoop)
  /// No further: this is the answer.
  case refuse(HTTPResponse)
}
