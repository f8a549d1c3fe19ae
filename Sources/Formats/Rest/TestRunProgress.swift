public import CallCore
public import JSON

/// How far a run of a test case is.
public struct TestRunProgress: Sendable, JSONDocument {
  /// The run.
  public var run: TestRun
  /// Microseconds since 1970 UTC.
  public var nowUnixMicroseconds: Int64

  /// See the properties.
  public init(_ run: TestRun, nowUnixMicroseconds: Int64) {
    self.run = run
    self.nowUnixMicroseconds = nowUnixMicroseconds
  }

  /// Writes the members of `Rest.md`.
  public func writeMembers(to writer: inout JSONWriter) {
    let end = run.status.isOver ? run.updatedAtUnixMicroseconds : nowUnixMicroseconds
    // Out of a database, which may hold any 64 bits.
    let (passed, isTooGreat) = end.subtractingReportingOverflow(run.createdAtUnixMicroseconds)
    let elapsed = CallDuration.microseconds(isTooGreat ? (end < 0 ? 0 : .max) : max(passed, 0))
    writer.field("run_id", run.id)
    writer.field("status", run.status.rawValue)
    writer.field("turns_done", run.turnsDone)
    writer.field("turns_all", run.turnsAll)
    writer.field("elapsed_ms", elapsed.milliseconds)
  }
}
