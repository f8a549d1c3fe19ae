/// One packet of the agent's audio, lent for a call.
public struct AgentPacket {
  /// What ends with a packet.
  public enum End: Sendable { case nothing, sentence, utterance }

  /// The encoded 20 ms.
  public var bytes: UnsafeRawBufferPointer
  /// Counts from 0 over the call.
  public var number: UInt32
  /// When it is due to be heard.
  public var due: Timestamp
  /// What it belongs to.
  public var utterance: UtteranceID
  /// What ends with it.
  public var end: End

  /// A packet as the driver sends it.
  public init(
    _ bytes: UnsafeRawBufferPointer, number: UInt32, due: Timestamp, utterance: UtteranceID, end: End = .nothing
  ) {
    (self.bytes, self.number, self.due, self.utterance, self.end) = (bytes, number, due, utterance, end)
  }
}
