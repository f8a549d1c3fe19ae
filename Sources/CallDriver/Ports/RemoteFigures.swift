/// What another machine's speech service did for this node since its start, for `/metrics`.
public struct RemoteFigures: Sendable {
  /// What it is asked for. The raw values stand in the metrics, as those of `Failure` do.
  public enum Kind: String, Sendable, CaseIterable { case recognition, synthesis }

  /// Why a request failed.
  public enum Failure: String, Sendable, CaseIterable {
    /// No connection, one that broke, or one that cannot be trusted.
    case unreachable
    /// No answer within a limit.
    case late
    /// The key was refused.
    case refused
    /// Too many requests.
    case limited
    /// An HTTP status that says so.
    case status
    /// An answer that means nothing.
    case rubbish
  }

  /// Whether it answers now.
  public var isReachable = false
  /// Requests that ended, second attempts not counted apart.
  public private(set) var requests: [Kind: Int] = [:]
  /// Those of them that failed.
  public private(set) var failures: [Kind: [Failure: Int]] = [:]
  /// Those that were sent twice.
  public private(set) var retries = 0
  /// How long requests took, second attempts included.
  public private(set) var durations: [Kind: WaitClasses] = [:]

  /// Nothing yet.
  public init() {}

  /// Counts a request that ended.
  /// - Parameter failure: `nil` when it succeeded, or nobody wanted it any more.
  public mutating func count(_ kind: Kind, microseconds: UInt64, failure: Failure?, wasRetried: Bool) {
    requests[kind, default: 0] += 1
    if let failure { failures[kind, default: [:]][failure, default: 0] += 1 }
    if wasRetried { retries += 1 }
    durations[kind, default: WaitClasses()].add(microseconds: microseconds)
  }
}
