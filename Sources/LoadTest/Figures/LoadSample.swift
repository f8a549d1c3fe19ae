public import CallCore

/// One second of a load test.
public struct LoadSample: Sendable, Equatable {
  /// End of the second, since the start of the plan.
  public var at: CallDuration
  /// Calls that the server has taken and that are not over, at that moment.
  public var active = 0
  /// Calls that are still connecting.
  public var connecting = 0
  /// So far.
  public var offered = 0
  /// So far.
  public var refused = 0
  /// So far.
  public var failed = 0
  /// So far.
  public var completed = 0
  /// Turns in this second.
  public var turns = 0
  /// Turn latency of this second; `nil` without a turn.
  public var latencyP50: CallDuration?
  /// See `latencyP50`.
  public var latencyP95: CallDuration?
  /// See `latencyP50`.
  public var latencyP99: CallDuration?
  /// Turn latencies of this second, as `LatencyRecord.counts`; empty from the second hour of a run.
  public var latencyCounts: [Int] = []
  /// Agent packets in this second, and those that were late.
  public var framesReceived = 0
  /// See `framesReceived`.
  public var framesLate = 0
  /// Caller packets in this second, and those that the generator sent late.
  public var framesSent = 0
  /// See `framesSent`.
  public var framesSentLate = 0
  /// Cores that the server used in this second; `nil` where it does not tell.
  public var serverCores: Double?
  /// Resident bytes of the server; `nil` where it does not tell.
  public var serverBytes: Int?
  /// Cores that the generator used in this second.
  public var generatorCores = 0.0
  /// Whether the plan's full load was on.
  public var isFull = false

  /// - Parameter at: end of the second.
  public init(at: CallDuration) { self.at = at }
}

extension LoadSample {
  /// Takes over what was counted.
  /// - Parameters:
  ///   - all: since the start.
  ///   - recent: in this second.
  mutating func count(_ all: LoadFigures, recent: LoadFigures) {
    (offered, refused, failed, completed) = (all.offered, all.refused, all.failed, all.completed)
    turns = recent.turnLatency.count
    setLatencies(of: recent.turnLatency)
    (framesReceived, framesLate) = (recent.framesReceived, recent.framesLate)
    (framesSent, framesSentLate) = (recent.framesSent, recent.framesSentLate)
  }

  /// Takes over the turn latencies of this second.
  mutating func setLatencies(of record: LatencyRecord) {
    latencyP50 = record.percentile(50)
    latencyP95 = record.percentile(95)
    latencyP99 = record.percentile(99)
    latencyCounts = record.counts
  }
}
