public import CallCore

/// What a scripted caller asks for and does.
public struct CallerScript: Sendable {
  /// Flow to talk to.
  public var flow: String
  /// The agent's voice; `nil` for the flow's own.
  public var voice: Voice.ID?
  /// Both ways.
  public var format = AudioFormat(codec: .opus, sampleRate: 16_000)
  /// Notes that go into the record.
  public var metadata: [String: String] = [:]
  /// In order.
  public var turns: [CallerTurn]
  /// Quiet after the agent's last packet before the caller answers: people take about as long.
  public var pauseBeforeAnswer = CallDuration.milliseconds(300)
  /// The caller hangs up when the agent says nothing for so long: the longest late turn, and as much again.
  public var patience = CallDuration.seconds(8)

  /// See the properties.
  public init(flow: String, turns: [CallerTurn]) {
    self.flow = flow
    self.turns = turns
  }
}
