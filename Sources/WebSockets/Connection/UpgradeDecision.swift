/// The answer to an `UpgradeRequest`.
public enum UpgradeDecision: Sendable {
  /// Switch to WebSocket.
  case accept
  /// Switch to WebSocket; the connection has this as its `context` when it is opened.
  case acceptWith(any AnyObject & Sendable)
  /// Answer with this response and close the connection.
  case refuse(HTTPResponse)

  /// The refusal in its parts.
  public static func refuse(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) -> Self {
    .refuse(HTTPResponse(status: status, headers: headers, body: body))
  }
}
