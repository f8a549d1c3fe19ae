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
  /// Pieces of that work that are done.
  public var piecesDone: UInt64 = 0

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

  /// Pieces of work that were done in a second since `earlier`, 0 and up.
  public func piecesPerSecond(since earlier: WorkFigures) -> Double {
    guard at > earlier.at, piecesDone > earlier.piecesDone else { return 0 }
    return Double(piecesDone - earlier.piecesDone) * 1_000_000 / Double(at - earlier.at)
  }
}

/// Waits by class, since the start: enough for quantiles over any stretch of time, by subtraction.
public struct WaitClasses: Sendable, Equatable {
  /// Upper ends of the classes in milliseconds; the last class has no end. Fine up to 500 ms, which is what a turn latency of
  /// 1.2 s leaves for waiting after 500 ms of silence, a recognition and a sentence.
  public static let endsMs = [1, 5, 10, 25, 50, 100, 200, 300, 400, 500, 750, 1000, 2000, 5000]

  /// Waits in each class; one more than `endsMs`.
  public private(set) var counts = [Int](repeating: 0, count: endsMs.count + 1)
  /// All waits together, microseconds.
  public private(set) var sumMicroseconds: UInt64 = 0

  /// None so far.
  public init() {}

  /// Number of waits.
  public var total: Int { counts.reduce(0, +) }

  mutating func add(microseconds: UInt64) {
    let index = Self.endsMs.firstIndex { microseconds <= UInt64($0) * 1000 } ?? Self.endsMs.count
    counts[index] += 1
    sumMicroseconds += microseconds
  }

  /// Upper end of the highest class that grew since `earlier`, in milliseconds: no wait was longer, unless it was beyond the last
  /// class, for which twice its beginning is given. 0 when there was none.
  public func longestMs(since earlier: WaitClasses) -> Int {
    guard let index = counts.indices.last(where: { counts[$0] > earlier.counts[$0] }) else { return 0 }
    return index < Self.endsMs.count ? Self.endsMs[index] : Self.endsMs[Self.endsMs.count - 1] * 2
  }
}

/// What a worker thread is asked for, so that its queue and its waits can be told apart.
public enum WorkKind: Int, Sendable, CaseIterable {
  /// Speech to text.
  case recognition
  /// Text to speech.
  case synthesis
  /// Anything else: the history, recordings, runs of test cases.
  case other
}
