/// What bounds the runs of test cases on a server.
public struct TestRunLimits: Sendable {
  /// Threads that hold simulated calls. One: calls with people come first, and a run takes a second or two.
  public var threads = 1
  /// Runs that wait for a thread; further ones are answered 503. At two seconds each, the last of 64 waits two minutes, as long as
  /// clients usually wait for an answer.
  public var waitingMax = 64
  /// Entries of a run's transcript; the rest is counted. The predecessor's `MAX_TRANSCRIPT_SIZE`.
  public var transcriptEntriesMax = 1000
  /// Results whose reports can be asked for; the oldest make room.
  public var reportsMax = 100
  /// Bytes of their tracks together: a minute of a call takes 5.8 MB.
  public var reportBytesMax = 64_000_000

  /// The defaults.
  public init() {}
}
