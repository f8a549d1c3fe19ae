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
