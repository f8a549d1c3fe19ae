/// Close codes of RFC 6455 section 7.4.1 and the IANA registry that this module uses.
public enum CloseCode {
  /// The work is done.
  public static let normal = 1000
  /// The server stops or the page is left.
  public static let goingAway = 1001
  /// The peer broke the protocol.
  public static let protocolError = 1002
  /// The peer's close frame named no code; never sent.
  public static let none = 1005
  /// The connection broke without a close frame; never sent.
  public static let vanished = 1006
  /// Text that is not UTF-8.
  public static let invalidText = 1007
  /// The peer does what nobody needs, without end.
  public static let policyViolation = 1008
  /// A message over the limit.
  public static let messageTooBig = 1009
  /// The peer does not read fast enough, or the server has no room: try again later.
  public static let tryAgainLater = 1013
}
