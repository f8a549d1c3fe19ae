/// Both sides of a call on one sample clock, as the packets that travelled: about 6 KB a second instead of 64 KB as PCM.
public struct CallRecording: Sendable {
  /// What the caller sent, placed where it arrived.
  public var caller: RecordedTrack
  /// What the agent said, placed where it was due; what was cut off is not here.
  public var agent: RecordedTrack

  /// - Parameters: the two sides.
  public init(caller: RecordedTrack, agent: RecordedTrack) {
    self.caller = caller
    self.agent = agent
  }

  /// Bytes that it holds.
  public var byteCount: Int { caller.byteCount + agent.byteCount }
}
