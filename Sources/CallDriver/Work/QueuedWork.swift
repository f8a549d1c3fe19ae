/// A piece of work that waits for a worker thread.
struct QueuedWork {
  let kind: WorkKind
  let urgency: WorkerPool.Urgency
  /// When it was queued, by `WorkClock`.
  let since: UInt64
  let run: @Sendable () -> Void
}
