import CallCore

/// What a load test counted in some stretch of time. Stretches can be added up.
public struct LoadFigures: Sendable {
  /// Calls that were begun, canaries among them.
  public var offered = 0
  /// Calls that the server took: it answered `ready`.
  public var accepted = 0
  /// Calls that the server refused with 503.
  public var refused = 0
  /// The same by what the server gave as its reason: a limit's name, such as `engine-share`, where it named one.
  public var refusals: [String: Int] = [:]
  /// Calls that went wrong in another way, by reason.
  public var failures: [String: Int] = [:]
  /// Calls that came to their end, whatever the flow made of them.
  public var completed = 0
  /// Calls that were up when the plan ended, and were hung up then.
  public var cutOff = 0

  /// Turns of callers that wanted an answer, and came to one or gave up waiting.
  public var turns = 0
  /// Turns that got no answer for as long as the caller's patience lasts. Each counts in `turnLatency` with the time waited, or a
  /// server that answers nobody would look fast.
  public var turnsMissed = 0
  /// Turns over which the agent began to speak before the caller was done. No latency is measured in them.
  public var turnsOverrun = 0
  /// From the end of the caller's last speech to the first packet of the reply.
  public var turnLatency = LatencyRecord()

  /// Packets of the agent.
  public var framesReceived = 0
  /// Those that came over 20 ms after they were due by the server's own time stamps.
  public var framesLate = 0
  /// Gaps over 20 ms that a caller heard inside an utterance.
  public var gaps = 0

  /// Packets of the callers that the generator sent.
  public var framesSent = 0
  /// Those that left over 20 ms after their 20 ms of sound were full: the generator's own fault.
  public var framesSentLate = 0
  /// Packets that were not sent, because the server had not read what was sent before.
  public var framesUnsent = 0

  /// Nothing was counted yet.
  public init() {}

  /// Calls that went wrong and were not refused.
  public var failed: Int { failures.values.reduce(0, +) }

  /// Share of the generator's own frames that left over 20 ms late, in per cent.
  var ownLatePercent: Double { framesSent == 0 ? 0 : Double(framesSentLate) * 100 / Double(framesSent) }

  /// Whether the generator itself was late: what it measured says nothing about the server.
  var wasHeldUp: Bool {
    framesSentLate >= LoadResult.ownLateCountMin && ownLatePercent > LoadResult.ownLatePercentMax
  }

  /// Why most of the refused calls were; `nil` where none was refused for a reason.
  public var commonestRefusal: String? { refusals.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }

  /// Calls that are over.
  public var over: Int { refused + failed + completed + cutOff }

  /// Adds what was counted in another stretch.
  public static func += (left: inout LoadFigures, right: LoadFigures) {
    for count in counts { left[keyPath: count] += right[keyPath: count] }
    for (reason, count) in right.refusals { left.refusals.add(count, of: reason) }
    for (reason, count) in right.failures { left.failures.add(count, of: reason) }
    left.turnLatency.add(right.turnLatency)
  }

  /// Sets everything to nothing, keeping the memory.
  public mutating func reset() {
    for count in Self.counts { self[keyPath: count] = 0 }
    refusals.removeAll(keepingCapacity: true)
    failures.removeAll(keepingCapacity: true)
    turnLatency.reset()
  }

  private static var counts: [WritableKeyPath<LoadFigures, Int>] {
    [
      \.offered, \.accepted, \.refused, \.completed, \.cutOff, \.turns, \.turnsMissed, \.turnsOverrun, \.framesReceived,
      \.framesLate, \.gaps, \.framesSent, \.framesSentLate, \.framesUnsent,
    ]
  }
}

extension [String: Int] {
  /// Different reasons of failures, and of refusals, that are told apart; further ones are counted as `other`.
  private static let reasonsMax = 40

  /// Counts something with its reason.
  mutating func add(_ count: Int = 1, of reason: String) {
    let isRoom = self[reason] != nil || self.count < Self.reasonsMax
    self[isRoom ? reason : "other", default: 0] += count
  }
}
