/// What was used: by one key on one day, in one call, or summed up.
public struct UsageCounts: Sendable, Hashable {
  /// Calls that ended.
  public var calls = 0
  /// Calls that were not taken.
  public var refusedCalls = 0
  /// Length of the calls.
  public var callTime = CallDuration.zero
  /// Turns that callers took.
  public var turns = 0
  /// Sound whose words were recognised, in calls and for requests; in a call speculative recognitions count again.
  public var recognizedTime = CallDuration.zero
  /// Characters of the texts that were synthesised; what was taken from the cache does not count.
  public var synthesizedCharacters = 0
  /// Length of the speech made of them.
  public var synthesizedTime = CallDuration.zero
  /// Sentences that were there already when a call wanted them.
  public var cacheHits = 0
  /// Questions to a language model; those of answers that were begun early and thrown away count, too.
  public var modelRequests = 0
  /// Tokens of these, as the model's server counts them.
  public var promptTokens = 0
  /// Tokens of the answers, likewise; of an answer that was broken off at least so many.
  public var answerTokens = 0

  /// Of questions and answers together.
  public var tokens: Int { Self.sum(promptTokens, answerTokens) }

  /// Nothing.
  public init() {}

  /// Whether nothing was used.
  public var isEmpty: Bool { self == UsageCounts() }

  /// Adds up; a sum that does not fit stays at the greatest number there is, as figures come from other servers, too.
  public static func += (left: inout UsageCounts, right: UsageCounts) {
    left.calls = sum(left.calls, right.calls)
    left.refusedCalls = sum(left.refusedCalls, right.refusedCalls)
    left.callTime = sum(left.callTime, right.callTime)
    left.turns = sum(left.turns, right.turns)
    left.recognizedTime = sum(left.recognizedTime, right.recognizedTime)
    left.synthesizedCharacters = sum(left.synthesizedCharacters, right.synthesizedCharacters)
    left.synthesizedTime = sum(left.synthesizedTime, right.synthesizedTime)
    left.cacheHits = sum(left.cacheHits, right.cacheHits)
    left.modelRequests = sum(left.modelRequests, right.modelRequests)
    left.promptTokens = sum(left.promptTokens, right.promptTokens)
    left.answerTokens = sum(left.answerTokens, right.answerTokens)
  }

  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, isTooGreat) = left.addingReportingOverflow(right)
    return isTooGreat ? (right < 0 ? .min : .max) : sum
  }

  private static func sum(_ left: CallDuration, _ right: CallDuration) -> CallDuration {
    left.clampedSum(right)
  }
}

/// What one key used on one day.
public struct UsageEntry: Sendable, Hashable {
  /// Days since 1970 UTC.
  public var day: Int
  /// Id of the key; `nil` for what needed none, or was refused before its key was looked at.
  public var key: String?
  /// What was used.
  public var counts: UsageCounts

  package init(day: Int, key: String?, counts: UsageCounts) {
    self.day = day
    self.key = key
    self.counts = counts
  }

  /// The order of reports: by day, and within one by key, what needed none first.
  public static func isBefore(_ left: UsageEntry, _ right: UsageEntry) -> Bool {
    (left.day, left.key ?? "") < (right.day, right.key ?? "")
  }
}

/// What one running server has counted for one key on one day: what a store of usage keeps.
public struct UsageShare: Sendable, Hashable {
  /// Names the server while it ran.
  public var node: String
  /// What it counted.
  public var entry: UsageEntry

  package init(node: String, entry: UsageEntry) {
    self.node = node
    self.entry = entry
  }
}
