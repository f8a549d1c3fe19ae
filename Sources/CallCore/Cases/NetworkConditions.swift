/// What a network does to packets on their way from the caller to the agent. Drawn from the seed.
public struct NetworkConditions: Sendable, Equatable {
  /// Share of packets that are lost, in tenths of a per cent: 0 … 500.
  public var lossPermille = 0
  /// Mean length of a run of lost packets, in packets: 1 … 20 (the Gilbert–Elliott model with a good and a bad state; 1 loses
  /// packets independently of one another).
  public var lossBurst = 1
  /// How long a packet takes at least.
  public var delay = CallDuration.zero
  /// How much longer it takes at most; each packet's share is drawn evenly. Packets may overtake one another.
  public var jitter = CallDuration.zero
  /// Share of packets that arrive twice, in tenths of a per cent: 0 … 500.
  public var duplicatePermille = 0

  /// A perfect network.
  public init() {}

  /// Whether it does nothing at all.
  public var isPerfect: Bool { self == NetworkConditions() }
}
