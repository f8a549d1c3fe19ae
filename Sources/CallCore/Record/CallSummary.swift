public import CallCore

/// A call in a list.
public struct CallSummary: Sendable, Equatable {
  /// The record, without its transcript, timeline and latencies.
  public var record: CallRecord
  /// Whether the store has a recording of it.
  public var hasRecording: Bool
  /// The call's middle turn latency, or `nil` without any.
  public var turnLatencyP50: CallDuration?

  /// - Parameter call: the whole call.
  public init(of call: StoredCall) {
    record = call.record
    record.transcript = []
    record.timeline = []
    record.turnLatencies = []
    hasRecording = call.recording != nil
    turnLatencyP50 = call.record.turnLatencyP50
  }
}
