public import CallCore
import Threads

/// Keeps what goes into one call's machine and what comes out of it. Called on the call's loop, for every frame: it must not wait.
public protocol CallTraceWriter: AnyObject, Sendable {
  /// One step of the machine, in order.
  /// - Parameter actions: what came of the event; not to be held on to, or the call's own list is copied for its next event.
  func write(_ event: CallEvent, at now: Timestamp, actions: ArraySlice<CallAction>)

  /// The call is over; nothing follows.
  func close()
}

/// Steps of one call between its loop and a thread that takes the time to write them down.
///
/// The loop waits for nothing but an exchange of two arrays, and allocates nothing for a frame without actions. When the buffer is full,
/// further steps are lost and counted until somebody takes what is there.
public final class CallTraceBuffer: CallTraceWriter {
  /// Steps that wait. A call makes 80 a second, so a writer may be held up for 25 s.
  public static let stepsMax = 2048

  /// What was in the buffer.
  public struct Batch: Sendable, Equatable {
    /// In order.
    public var steps: [CallTraceStep]
    /// Steps behind them that were lost.
    public var lost: Int
    /// Whether nothing follows.
    public var isLast: Bool

    /// Nothing yet.
    /// - Parameter stepsMax: room for so many.
    public init(stepsMax: Int = CallTraceBuffer.stepsMax) {
      (steps, lost, isLast) = ([], 0, false)
      steps.reserveCapacity(stepsMax)
    }
  }

  private let stepsMax: Int
  private let batch: Locked<Batch>

  /// - Parameter stepsMax: most steps that wait.
  public init(stepsMax: Int = CallTraceBuffer.stepsMax) {
    self.stepsMax = stepsMax
    batch = Locked(Batch(stepsMax: stepsMax))
  }

  /// Adds a step, or counts it as lost.
  public func write(_ event: CallEvent, at now: Timestamp, actions: ArraySlice<CallAction>) {
    batch.withLock { batch in
      guard !batch.isLast else { return }
      guard batch.steps.count < stepsMax else { return batch.lost += 1 }
      batch.steps.append(CallTraceStep(at: now, event: event, actions: actions.isEmpty ? [] : Array(actions)))
    }
  }

  /// Nothing follows.
  public func close() { batch.withLock { $0.isLast = true } }

  /// Takes everything out.
  /// - Parameter spare: its room is used for what comes next; holds what was there afterwards.
  public func take(into spare: inout Batch) {
    spare.steps.removeAll(keepingCapacity: true)
    batch.withLock { batch in
      swap(&batch.steps, &spare.steps)
      (spare.lost, spare.isLast) = (batch.lost, batch.isLast)
      batch.lost = 0
    }
  }
}
