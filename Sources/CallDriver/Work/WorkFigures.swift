/// What a pool of worker threads did since its start, and what waits for it now.
public struct WorkFigures: Sendable {
  /// When this was so, microseconds of `CLOCK_MONOTONIC`.
  public var at: UInt64 = 0
  /// Threads of the pool.
  public var threads = 0
  /// Pieces of work that wait and that somebody waits for, or will: by `WorkKind`.
  public var waiting = [Int](repeating: 0, count: WorkKind.allCases.count)
  /// How long work waited that a caller waited for, by `WorkKind`.
  public var waits = [WaitClasses](repeating: WaitClasses(), count: WorkKind.allCases.count)
  /// How long the oldest piece of work has waited that a caller waits for, microseconds; 0 when there is none.
  public var oldestWait: UInt64 = 0
  /// Time that threads spent at work that is not idle, what is not finished included, microseconds of all threads together.
  public var busyMicroseconds: UInt64 = 0

  /// Nothing yet.
  public init() {}

  /// Recognitions that wait.
  public var waitingRecognitions: Int { waiting[WorkKind.recognition.rawValue] }
  /// Sentences that wait.
  public var waitingSyntheses: Int { waiting[WorkKind.synthesis.rawValue] }

  /// Share of the threads' time in use since `earlier`, 0 … 1.
  public func busyShare(since earlier: WorkFigures) -> Double {
    let elapsed = Double(at &- earlier.at) * Double(threads)
    guard at > earlier.at, elapsed > 0, busyMicroseconds > earlier.busyMicroseconds else { return 0 }
    return min(1, Double(busyMicroseconds - earlier.busyMicroseconds) / elapsed)
  }
}
