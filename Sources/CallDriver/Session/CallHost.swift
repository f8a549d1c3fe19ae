public import CallCore

/// The other end of a call: whoever carries its packets and messages. Lives on the call's loop.
public protocol CallHost: AnyObject {
  /// Sends one packet of the agent's audio.
  /// - Parameters:
  ///   - packet: valid during the call only.
  ///   - number: counts from 0.
  ///   - at: when it is due to be heard.
  ///   - isLast: whether it ends an utterance.
  /// - Returns: false when the connection cannot take it now; it is then offered again.
  func send(_ packet: UnsafeRawBufferPointer, number: UInt32, at: Timestamp, isLast: Bool) -> Bool

  /// Tells the client.
  func send(_ report: CallReport)

  /// The call is over; nothing follows.
  func ended(_ call: StoredCall)
}
