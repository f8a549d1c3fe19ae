/// A piece of work that waits for a worker thread.
package struct QueuedWork {
  package let kind: WorkKind
  package let urgency: WorkerPool.Urgency
  /// When it was queued, by `MonotonicClock`.
  package let since: UInt64
  package let run: @Sendable () -> Void

  /// See the properties.
  package init(kind: WorkKind, urgency: WorkerPool.Urgency, since: UInt64, run: @escaping @Sendable () -> Void) {
    self.kind = kind
    self.urgency = urgency
    self.since = since
    self.run = run
  }
}
