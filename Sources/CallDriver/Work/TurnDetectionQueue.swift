import Bounds
package import CallCore
import Threads

/// Questions to the turn detector on their way to the worker threads: few at once, a bounded share of the threads' time, and none that would be
/// answered too late. Whatever is refused costs its caller no more than the usual silence.
package final class TurnDetectionQueue: Sendable {
  /// Questions of all calls that wait or are being answered, a thread. The third would wait for 140 ms (70 ms each, measured), and the silence
  /// that it is to shorten is over by then.
  package static let pendingPerThreadMax = 2
  /// Questions that are answered in a second, on and on, a thread: a fifth of its time. The rest is for words and sentences.
  static let perSecondPerThread = 3
  /// Age at which a question is not worth answering any more: 200 ms of silence have passed before it, 70 ms come on top, and 500 ms end the turn.
  package static let ageMax = CallDuration.milliseconds(200)

  private let detector: any TurnDetector
  private let workers: WorkerPool
  private let ageMax: CallDuration
  private let state: Locked<State>

  private struct State {
    var pending = 0
    var bucket: TokenBucket
    var figures = TurnDetectionFigures()
  }

  /// - Parameter ageMax: for tests, in which a thread may be held up for as long as it takes.
  init(_ detector: any TurnDetector, workers: WorkerPool, ageMax: CallDuration) {
    self.ageMax = ageMax
    self.detector = detector
    self.workers = workers
    let atOnce = Self.pendingPerThreadMax * workers.threadCount
    state = Locked(
      State(bucket: TokenBucket(perSecond: Self.perSecondPerThread * workers.threadCount, atOnce: atOnce)))
  }

  var figures: TurnDetectionFigures { state.withLock { $0.figures } }

  /// - Parameters:
  ///   - isOpen: false refuses it, whatever waits.
  ///   - takeSamples: asked just before the work begins; when it has none, the question was withdrawn: nothing is done and nothing answered.
  ///   - completion: called once, on a worker thread, or at once when the question is refused.
  func judge(
    isOpen: Bool, takeSamples: @escaping @Sendable () -> [Int16]?,
    completion: @escaping @Sendable (Result<TurnCompleteness, EngineError>) -> Void
  ) {
    let asked = MonotonicClock.now()
    let isTaken = isOpen && begin(at: asked) && submit(askedAt: asked, takeSamples, completion)
    guard !isTaken, takeSamples() != nil else { return }
    state.withLock { $0.figures.refused += 1 }
    completion(.failure(.overloaded(queue: "turn detector", limit: pendingMax)))
  }

  /// A question that was taken is given up before its work began: another one may have its place. Called once for each whose `takeSamples` gives
  /// nothing from now on.
  func withdraw() {
    state.withLock { state in
      state.pending -= 1
      state.bucket.restore()
    }
  }

  private var pendingMax: Int { Self.pendingPerThreadMax * workers.threadCount }

  private func begin(at now: UInt64) -> Bool {
    state.withLock { state in
      guard state.pending < pendingMax, state.bucket.consume(at: now) else { return false }
      state.pending += 1
      return true
    }
  }

  private func submit(
    askedAt asked: UInt64, _ takeSamples: @escaping @Sendable () -> [Int16]?,
    _ completion: @escaping @Sendable (Result<TurnCompleteness, EngineError>) -> Void
  ) -> Bool {
    let isQueued = workers.submit(.soon, kind: .recognition) { [self] in
      guard let samples = takeSamples() else { return }
      defer { state.withLock { $0.pending -= 1 } }
      let now = MonotonicClock.now()
      guard now > asked ? Int64(now - asked) <= ageMax.microseconds : ageMax >= .zero else {
        state.withLock { $0.figures.late += 1 }
        return completion(.failure(.timedOut(limit: ageMax)))
      }
      do throws(EngineError) {
        completion(.success(try detector.completeness(of: samples)))
        state.withLock { $0.figures.answered += 1 }
      } catch {
        state.withLock { $0.figures.failed += 1 }
        completion(.failure(error))
      }
    }
    if !isQueued { state.withLock { $0.pending -= 1 } }
    return isQueued
  }
}

/// What became of the questions to the turn detector so far.
public struct TurnDetectionFigures: Sendable, Equatable {
  /// Answered.
  public var answered = 0
  /// Refused, as too many were waiting or the detector had had its share of the threads.
  public var refused = 0
  /// Not begun, as they had waited too long.
  public var late = 0
  /// Asked of a detector that failed or is not there.
  public var failed = 0

  /// All zero.
  public init() {}
}
