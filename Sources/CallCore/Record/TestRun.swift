/// One run of a test case, as `TestRunStore` keeps it.
public struct TestRun: Sendable, Equatable {
  /// How the case is run. The raw values stand in REST.
  public enum Mode: String, Sendable, CaseIterable {
    /// In virtual time, against the built-in agent.
    case simulation
    /// Over a telephone line.
    case live
  }

  /// How far it is. The raw values stand in REST.
  public enum Status: String, Sendable, CaseIterable {
    /// Waits for a thread.
    case queued
    /// The call is going on.
    case running
    /// The call was held and judged, whatever the verdict.
    case completed
    /// No call came about, so that nothing is known of the agent.
    case failed

    /// Whether nothing more will come.
    public var isOver: Bool { self == .completed || self == .failed }
  }

  /// Unique.
  public var id: String
  /// Id of the case.
  public var testID: String
  /// Whose telephone lines: a name that is passed on.
  public var provider: String
  /// How the case is run.
  public var mode: Mode
  /// How far it is.
  public var status = Status.queued
  /// Microseconds since 1970 UTC when the run was asked for.
  public var createdAtUnixMicroseconds: Int64
  /// Microseconds since 1970 UTC when something in it changed last.
  public var updatedAtUnixMicroseconds: Int64
  /// Whatever the client wants kept with it.
  public var metadata: [String: String] = [:]
  /// The provider's name for the call; `nil` where there is none.
  public var providerCallID: String?
  /// What came of it; `nil` until it is over.
  public var evaluation: RunEvaluation?
  /// What was said, oldest first; empty in lists.
  public var transcript: [TestRunUtterance] = []
  /// Lines that were left out of `transcript`, because there were too many.
  public var transcriptDropped = 0
  /// Turns that the call came to; while the call goes on, those before the present one.
  public var turnsDone = 0
  /// Turns that are written.
  public var turnsAll: Int

  /// A run that waits.
  public init(
    id: String, testID: String, provider: String, mode: Mode, createdAtUnixMicroseconds: Int64, turnsAll: Int
  ) {
    self.id = id
    self.testID = testID
    self.provider = provider
    self.mode = mode
    self.createdAtUnixMicroseconds = createdAtUnixMicroseconds
    updatedAtUnixMicroseconds = createdAtUnixMicroseconds
    self.turnsAll = turnsAll
  }
}
