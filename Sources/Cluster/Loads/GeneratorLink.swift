import CallCore
import CallDriver
import LoadTest
import Threads

/// What leads from one generator to the store of its load: once a second, on a thread of its own, it tells how far the generator is and what it
/// measured, and hears what is to be done. A store that does not answer is asked again, and nothing is lost meanwhile; after
/// `SharedLoadLimits.silenceMax` the generator stops, as it does when its coordinator says nothing for so long.
final class GeneratorLink: Sendable {
  /// Why a generator is to stop.
  enum Stop: Sendable, Equatable {
    /// The coordinator wants it.
    case told
    /// The load is gone, or the part is another's.
    case gone
    /// Nothing was heard of the coordinator.
    case coordinatorSilent
    /// The store did not answer.
    case storeSilent(String)
    /// Its operator stopped it.
    case interrupted
  }

  private struct State {
    var report = GeneratorReport(.preparing)
    var startAt: Int64?
    var stop: Stop?
    var isClosed = false
    /// When the store answered last.
    var answeredAt = MonotonicClock.now()
  }

  private let store: any SharedLoadStore
  private let part: SharedLoadPart
  private let period: Duration
  private let silenceMax: CallDuration
  private let state = Monitor(State())
  private let isOver = Latch()

  /// - Parameters:
  ///   - period: of its reports.
  ///   - silenceMax: after which a silent coordinator or store stops the generator.
  init(_ part: SharedLoadPart, in store: any SharedLoadStore, every period: Duration, silenceMax: CallDuration) {
    (self.part, self.store, self.period, self.silenceMax) = (part, store, period, silenceMax)
    do throws(Thread.Failure) { try Thread.startDetached("load-report") { [self] in work() } } catch {
      // Without a thread nothing is told, and the coordinator takes the generator for lost.
      state.withLock { $0.stop = .storeSilent("\(error)") }
      isOver.open()
    }
  }

  /// The generator has come so far.
  func enter(_ phase: GeneratorPhase, _ change: (inout GeneratorReport) -> Void = { _ in }) {
    state.withLock { state in
      state.report.phase = phase
      change(&state.report)
    }
  }

  /// A second of the plan is over.
  func add(_ second: LoadSecond) {
    state.withLock { $0.report.seconds.append((second.number, second.bytes)) }
  }

  /// Waits until the start is known or the generator is to stop.
  /// - Returns: `nil` when it is to stop.
  func awaitStart() -> Int64? {
    while true {
      let known = state.wait(until: .after(period)) { state -> Int64?? in
        if state.stop != nil { return .some(nil) }
        return state.startAt.map { .some($0) }
      }
      if let known { return known }
      stopIfSilent()
    }
  }

  /// Waits for some milliseconds, or until the generator is to stop.
  func isStopped(within milliseconds: Int) -> Bool {
    stopIfSilent()
    return state.wait(until: .after(.milliseconds(milliseconds))) { $0.stop == nil ? nil : true } ?? false
  }

  /// Has the generator stop by its operator's wish.
  func interrupt() { state.withLock { $0.stop = $0.stop ?? .interrupted } }

  /// Why the generator was to stop; `nil`: it was not.
  var stop: Stop? { state.read { $0.stop } }

  /// Tells the last of it, for as long as the store has to answer, and reports no more.
  /// - Returns: whether everything was told.
  func close() -> Bool {
    state.withLock { $0.isClosed = true }
    isOver.wait()
    return state.read { $0.report.seconds.isEmpty && $0.stop != .gone }
  }

  private func work() {
    defer { isOver.open() }
    while true {
      let (report, isLast) = state.read { ($0.report, $0.isClosed) }
      let isTold = tell(report)
      if isLast, isTold || state.read({ isSilent($0) }) { return }
      // A phase that changes, or the end, is told at once.
      _ = state.wait(until: .after(period)) { state in
        state.isClosed != isLast || state.report.phase != report.phase ? true : nil
      }
    }
  }

  /// A question that hangs says nothing of its own accord.
  private func stopIfSilent() {
    state.withLock { state in
      if isSilent(state), state.stop == nil { state.stop = .storeSilent("a question hangs") }
    }
  }

  private func isSilent(_ state: State) -> Bool {
    MonotonicClock.now() - state.answeredAt > UInt64(silenceMax.microseconds)
  }

  /// - Returns: whether it came through, or nobody wants to know it any more.
  private func tell(_ report: GeneratorReport) -> Bool {
    let instruction: GeneratorInstruction?
    do throws(StoreError) { instruction = try store.report(report, of: part) } catch {
      state.withLock { state in
        if isSilent(state), state.stop == nil { state.stop = .storeSilent(error.why) }
      }
      return false
    }
    state.withLock { state in
      state.answeredAt = MonotonicClock.now()
      state.report.seconds.removeFirst(report.seconds.count)
      state.startAt = state.startAt ?? instruction?.startAt
      guard state.stop == nil else { return }
      guard let instruction else { return state.stop = .gone }
      if instruction.isStopped {
        state.stop = .told
      } else if instruction.coordinatorSilence > silenceMax {
        state.stop = .coordinatorSilent
      }
    }
    return true
  }
}

extension GeneratorLink.Stop {
  /// In words, without an end.
  var text: String {
    switch self {
    case .told: "the coordinator ended it"
    case .gone: "the load is gone"
    case .coordinatorSilent: "nothing was heard of the coordinator"
    case .storeSilent(let why): "the database did not answer: \(why)"
    case .interrupted: "its operator stopped it"
    }
  }
}
