public import CallCore

/// A finished call as the history keeps it.
public struct StoredCall: Sendable {
  /// What was said and measured.
  public var record: CallRecord
  /// Both sides as packets; `nil` when none was made or it had to give way.
  public var recording: CallRecording?

  /// - Parameter recording: `nil` when none was made.
  public init(record: CallRecord, recording: CallRecording?) {
    self.record = record
    self.recording = recording
  }
}
