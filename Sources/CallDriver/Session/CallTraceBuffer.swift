public import CallCore
import Threads

/// What goes into one call's machine and comes out of it, between the call's loop and a thread that takes the time to write it down.
///
/// The loop waits for nothing but an exchange of two arrays, and allocates nothing for a frame without actions. When the buffer is full,
/// further steps are lost and counted until somebody takes what is there.
public final class CallTraceBuffer: Sendable {
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

  /// Adds a step of the machine, or counts it as lost.
  /// - Parameter actions: what came of the event. They are copied: were they held on to, the call would copy its own list for the next event.
  public func write(_ event: CallEvent, at now: Timestamp, actions: ArraySlice<CallAction>) {
    batch.withLock { batch in
      guard !batch.isLast else { return }
      guard batch.steps.count < stepsMax else { return batch.lost += 1 }
      batch.steps.append(CallTraceStep(at: now, event: event, actions: actions.isEmpty ? [] : Array(actions)))
    }
  }

  /// The call is over; nothing follows.
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
