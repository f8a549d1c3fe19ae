import CallCore

/// What canaries found: calls among the load that hear, decode and score everything, as `voiceforge simulate` does.
public struct CanaryFigures: Sendable {
  /// Canary calls that passed.
  public var passed = 0
  /// Those that failed a check.
  public var failed = 0
  /// Those that prove nothing: the stimulus was not found in the track, or the canary itself was late.
  public var invalid = 0
  /// Turn latencies by the tracks: end of the caller's last sound to the first sound of the agent that can be heard.
  public var latency = LatencyRecord()
  /// For the same turns: how much later the agent can be heard than the first packet of its reply arrives. It is what `turn_latency`, which
  /// is measured on packets, leaves out.
  public var onset = LatencyRecord()
  /// The first reasons of canaries that did not pass, at most `reasonsMax`.
  public private(set) var reasons: [String] = []

  /// Reasons that are kept; more say the same again.
  public static let reasonsMax = 20

  /// None was held yet.
  public init() {}

  /// Canaries that are over.
  public var count: Int { passed + failed + invalid }

  /// Keeps a reason while there is room.
  public mutating func add(reason: String) {
    if reasons.count < Self.reasonsMax { reasons.append(reason) }
  }
}
