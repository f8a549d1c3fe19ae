public import CallCore
public import JSON

/// What `POST /test/run` answers.
public struct TestRunResponse: Sendable, JSONDocument {
  /// The run, over or under way.
  public var run: TestRun

  /// - Parameter run: over or under way.
  public init(_ run: TestRun) { self.run = run }

  /// Writes the members in the predecessor's order.
  public func writeMembers(to writer: inout JSONWriter) {
    writer.field("run_id", run.id)
    // The predecessor's clients know no queue: whatever is not over is running for them.
    writer.field("status", (run.status.isOver ? run.status : .running).rawValue)
    writer.field("provider_call_id", run.providerCallID)
    writer.field("evaluation", run.evaluation)
  }
}
