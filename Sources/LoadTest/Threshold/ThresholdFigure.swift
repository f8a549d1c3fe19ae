/// A figure that a threshold can be set on.
public enum ThresholdFigure: String, Sendable, CaseIterable {
  /// End of the caller's last speech to the first packet of the reply.
  case turnLatency = "turn_latency"
  /// The same as canaries hear it: to the first audible sound.
  case canaryLatency = "canary_latency"
  /// Agent packets that came over 20 ms after they were due.
  case framesLate = "frames_late"
  /// Gaps over 20 ms that callers heard in utterances, against all agent packets.
  case gaps
  /// Calls that were begun.
  case offered
  /// Calls that the server took.
  case accepted
  /// Calls that were refused with 503.
  case refused
  /// Calls that went wrong.
  case failed
  /// Calls that came to their end.
  case completed
  /// Turns without an answer.
  case turnsMissed = "turns_missed"
  /// Canaries that failed a check.
  case canariesFailed = "canaries_failed"
  /// Most calls at once.
  case active
  /// Cores that the server used.
  case serverCPU = "server_cpu"
  /// Megabytes that the server had resident.
  case serverRSS = "server_rss"

  /// How a figure is written and compared.
  public enum Sort: Sendable, Equatable {
    /// A length of time; wants one of `waitMeasures`.
    case wait
    /// A number of things, or with `%` their share.
    case count
    /// A number alone.
    case number
    /// Megabytes, or with `.growth` per cent.
    case memory
  }

  /// See `Sort`.
  public var sort: Sort {
    switch self {
    case .turnLatency, .canaryLatency: .wait
    case .framesLate, .gaps, .refused, .failed, .turnsMissed, .canariesFailed, .completed, .accepted: .count
    case .offered, .active, .serverCPU: .number
    case .serverRSS: .memory
    }
  }

  /// The measures that may stand behind the dot; the first is meant when there is none. Empty: none may.
  public var measures: [String] {
    switch self {
    case .turnLatency, .canaryLatency: ["p50", "p90", "p95", "p99", "mean", "max"]
    case .serverCPU: ["mean", "max"]
    case .serverRSS: ["max", "growth"]
    default: []
    }
  }

  /// All figures with their measures, for people who got one wrong.
  public static var known: String {
    allCases.map { figure in
      figure.measures.isEmpty ? figure.rawValue : "\(figure.rawValue).\(figure.measures.joined(separator: "|"))"
    }.joined(separator: ", ")
  }
}
