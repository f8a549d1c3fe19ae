/// A call in a list.
public struct CallSummary: Sendable, Equatable {
  /// The record, without its transcript, timeline and latencies.
  public var record: CallRecord
  /// Whether the store has a recording of it.
  public var hasRecording: Bool
  /// The call's middle turn latency, or `nil` without any.
  public var turnLatencyP50: CallDuration?

  /// - Parameter whole: what is kept of the call.
  public init(of whole: CallRecord, hasRecording: Bool) {
    record = whole
    record.transcript = []
    record.timeline = []
    record.turnLatencies = []
    self.hasRecording = hasRecording
    turnLatencyP50 = whole.turnLatencyP50
  }
}

/// Which calls to list; `nil` means any, and everything `nil` every call.
public struct CallFilter: Sendable, Equatable {
  /// Name of the flow.
  public var flow: String?
  /// The flow's outcome, exactly.
  public var outcome: String?
  /// Why the call ended.
  public var reason: CloseReason?

  package init(flow: String? = nil, outcome: String? = nil, reason: CloseReason? = nil) {
    self.flow = flow
    self.outcome = outcome
    self.reason = reason
  }
}

/// A page of the history.
public struct CallPage: Sendable {
  /// Newest first.
  public var calls: [CallSummary]
  /// Where the next page begins; `nil` on the last page.
  public var nextCursor: String?

  package init(calls: [CallSummary], nextCursor: String?) {
    self.calls = calls
    self.nextCursor = nextCursor
  }
}
