package import CallCore
package import CallDriver
import JSON
package import LoadTest
import Threads

/// Joins load tests and places its part of their calls, one load after the other.
package final class LoadGeneratorWorker: Sendable {
  /// Places the calls of a part, which is ready to begin, from an instant of `MonotonicClock` on; see `LoadRun.run`.
  package typealias PreparedLoad = (
    _ at: UInt64, _ isStopped: (Int) -> Bool, _ tell: (LoadTotals) -> Void
  ) throws(PreparationFault) -> LoadResult

  /// Why a part cannot be placed; one sentence without an end.
  package struct PreparationFault: Error {
    package let why: String

    package init(_ why: String) { self.why = why }
  }

  /// What a generator's log is told.
  package enum News: Sendable, Equatable {
    /// A part was taken, and what its callers say is made.
    case joined(SharedLoadPart)
    /// Everything is ready; the others and the start are waited for.
    case ready(SharedLoadPart, clockError: CallDuration)
    /// The plan starts in so much time.
    case starting(SharedLoadPart, CallDuration)
    /// The part was placed and told: so many calls.
    case finished(SharedLoadPart, calls: Int)
    /// The part was ended before its end, and why.
    case stopped(SharedLoadPart, String)
    /// A load of another program waits, which this generator cannot join.
    case refused(load: String, program: String)
    /// The store does not answer; it is asked again.
    case away(String)
  }

  private struct State {
    var link: GeneratorLink?
    var refused: Set<String> = []
  }

  /// Makes what the callers of a part say.
  package typealias Preparation =
    @Sendable (
      _ plan: SharedLoadPlan, _ files: [String: [UInt8]], _ segment: LoadSegment
    ) throws(PreparationFault) -> PreparedLoad

  private let store: any SharedLoadStore
  private let name: String
  private let program: String
  private let period: Duration
  private let silenceMax: CallDuration
  private let prepare: Preparation
  private let tell: @Sendable (News) -> Void
  private let state = Locked(State())
  private let stopped = Latch()

  /// - Parameters:
  ///   - name: unique among all generators that ever were.
  ///   - program: as coordinators of the very same program name it.
  ///   - period: of its reports, and of its questions while it has no load.
  ///   - silenceMax: after which a silent coordinator or store stops a part.
  ///   - prepare: makes what the callers of a part say.
  ///   - tell: called on the generator's thread.
  package init(
    store: any SharedLoadStore, name: String, program: String, period: Duration = .seconds(1),
    silenceMax: CallDuration = SharedLoadLimits.silenceMax, prepare: @escaping Preparation,
    tell: @escaping @Sendable (News) -> Void
  ) {
    (self.store, self.name, self.program, self.period) = (store, name, program, period)
    (self.silenceMax, self.prepare, self.tell) = (silenceMax, prepare, tell)
  }

  /// Ends the part that is under way, and joins no other. From any thread.
  package func stop() {
    stopped.open()
    state.withLock { $0.link }?.interrupt()
  }

  /// Works until it is stopped.
  package func work() {
    while !stopped.wait(within: .zero) {
      do throws(StoreError) {
        if try workOnce() { continue }
        try refuseForeign()
      } catch {
        tell(.away(error.why))
      }
      _ = stopped.wait(within: period)
    }
  }

  /// Joins one load and places its part.
  /// - Returns: false when there is none.
  /// - Throws: when the store does not answer.
  package func workOnce() throws(StoreError) -> Bool {
    guard let part = try store.join(as: name, of: program) else { return false }
    tell(.joined(part))
    let link = GeneratorLink(part, in: store, every: period, silenceMax: silenceMax)
    state.withLock { $0.link = link }
    if stopped.wait(within: .zero) { link.interrupt() }
    do throws(PreparationFault) { try place(part, link) } catch {
      link.enter(.finished) { $0.fault = error.why }
      _ = link.close()
      tell(.stopped(part, error.why))
      // What failed now will not be well at once: others may have the next part.
      _ = stopped.wait(within: period)
    }
    state.withLock { $0.link = nil }
    return true
  }

  private func place(_ part: SharedLoadPart, _ link: GeneratorLink) throws(PreparationFault) {
    let plan: SharedLoadPlan
    do { plan = try SharedLoadPlan(reading: part.document) } catch {
      throw PreparationFault("the load cannot be read: \(error.message)")
    }
    guard (1...LoadSegment.countMax).contains(part.count), (0..<part.count).contains(part.index) else {
      throw PreparationFault("part \(part.index + 1) of \(part.count) is none")
    }
    let load = try prepare(plan, part.files, LoadSegment(part.index, of: part.count))
    let clock: StoreClock
    do throws(StoreError) { clock = try StoreClock(of: store) } catch {
      throw PreparationFault("the clock could not be set: \(error.why)")
    }
    link.enter(.ready) { $0.clockError = clock.error }
    tell(.ready(part, clockError: clock.error))
    guard let startAt = link.awaitStart() else { throw PreparationFault(link.stop?.text ?? "it has no start") }
    let instant = clock.own(startAt)
    tell(.starting(part, .microseconds(Int64(instant) - Int64(MonotonicClock.now()))))
    try run(load, part, link, at: instant)
  }

  private func run(
    _ load: PreparedLoad, _ part: SharedLoadPart, _ link: GeneratorLink, at instant: UInt64
  ) throws(PreparationFault) {
    var (before, toldAt) = (0, CallDuration?.none)
    func add(_ totals: LoadTotals) {
      // The last sample of a run comes with its result alone.
      guard let second = LoadSecond(totals, after: before), totals.samples.last?.at != toldAt else { return }
      (before, toldAt) = (second.number, totals.samples.last?.at)
      link.add(second)
    }
    var (isBegun, isEnding) = (false, false)
    let result = try load(
      instant,
      { milliseconds in
        // Once it is ending, the calls that are up are waited for.
        guard !isEnding else { return Latch().wait(within: .milliseconds(milliseconds)) }
        if !isBegun, MonotonicClock.now() >= instant {
          isBegun = true
          link.enter(.running)
        }
        isEnding = link.isStopped(within: milliseconds)
        return isEnding
      }, add)
    add(result.totals)
    let reason = link.stop.flatMap { $0 == .told || result.ending != .stopped ? nil : $0.text }
    link.enter(.finished) { report in
      report.lateness = result.lateness
      report.isTargetGone = result.ending == .targetGone
      report.fault = reason
    }
    let isTold = link.close()
    if let reason { return tell(.stopped(part, reason)) }
    guard isTold else { return tell(.stopped(part, "not everything that was measured could be told")) }
    tell(.finished(part, calls: result.totals.figures.offered))
  }

  private func refuseForeign() throws(StoreError) {
    let foreign = try store.foreignPrograms(ofLoadsFor: program)
    let new = state.withLock { state in
      let new = foreign.filter { !state.refused.contains($0.key) }
      state.refused = Set(foreign.keys)
      return new
    }
    for (load, program) in new.sorted(by: { $0.key < $1.key }) { tell(.refused(load: load, program: program)) }
  }
}
