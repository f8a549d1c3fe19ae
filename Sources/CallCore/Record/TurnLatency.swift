/// How long the caller waited in one turn: from the end of the caller's last speech to the agent's first audible packet,
/// by stage. The stages follow one another without a gap, so their sum is the whole.
public struct TurnLatency: Sendable, Equatable {
  /// The caller's turn.
  public var turn: TurnID
  /// End of speech → the decision that the turn is over.
  public var endpoint: CallDuration
  /// That decision → the words are known. Zero when speculative recognition was ready before.
  public var recognition: CallDuration
  /// Words → the agent's reply is known, tools included.
  public var flow: CallDuration
  /// Reply → audio of its first sentence is ready. Zero when cached.
  public var synthesis: CallDuration
  /// Audio → its first packet is sent.
  public var playout: CallDuration

  /// All stages in their order.
  public init(
    turn: TurnID, endpoint: CallDuration, recognition: CallDuration, flow: CallDuration, synthesis: CallDuration,
    playout: CallDuration
  ) {
    self.turn = turn
    self.endpoint = endpoint
    self.recognition = recognition
    self.flow = flow
    self.synthesis = synthesis
    self.playout = playout
  }

  /// The sum of the stages; clamped, as they may come out of a database.
  public var total: CallDuration {
    endpoint.clampedSum(recognition).clampedSum(flow).clampedSum(synthesis).clampedSum(playout)
  }
}
