package import CallCore
package import CallDriver
package import LoadTest
import JSON
import Threads

/// Has a load placed by several generators: waits for them, sets the start, puts together what they tell, judges it by the thresholds, and
/// ends the load early where nothing is to be gained by going on.
package final class LoadCoordinator {
  /// Why there is no result.
  package enum Fault: Error, Equatable {
    /// There are `SharedLoadLimits.loadsMax` loads already.
    case full
    /// The store does not answer.
    case store(String)
    /// The load was taken away by somebody.
    case gone
    /// Not enough generators came: so many.
    case tooFew(Int)
    /// A generator could not begin, and why.
    case notReady(generator: String, why: String)
    /// Enough came, and these were not ready in time.
    case notReadyInTime(generators: [String])
    /// It was stopped before the start.
    case stopped
    /// What a generator told cannot be read.
    case unreadable(generator: String, why: String)
  }

  /// How far the load is before its start.
  package struct Gathering: Sendable, Equatable {
    /// Generators that have joined.
    package var joined: Int
    /// Those of them that are ready.
    package var ready: Int
  }

  /// What a coordinator is told of and asked by whoever runs it; called on its thread.
  package struct Observer {
    let isStopped: (_ milliseconds: Int) -> Bool
    let gather: (Gathering) -> Void
    let tell: (LoadTotals) -> Void
    let servers: () -> (cores: Double?, bytes: Int?)

    /// - Parameters:
    ///   - isStopped: waits so many milliseconds and says whether the load is to end now.
    ///   - gather: told before the start.
    ///   - tell: told of each second.
    ///   - servers: what the servers used since it was asked before.
    package init(
      isStopped: @escaping (_ milliseconds: Int) -> Bool, gather: @escaping (Gathering) -> Void,
      tell: @escaping (LoadTotals) -> Void, servers: @escaping () -> (cores: Double?, bytes: Int?)
    ) { (self.isStopped, self.gather, self.tell, self.servers) = (isStopped, gather, tell, servers) }
  }

  private let store: any SharedLoadStore
  private let load: SharedLoad
  private let plan: ArrivalPlan
  private let thresholds: [Threshold]
  private let observer: Observer
  private let period: Int
  private let silenceMax: CallDuration
  private let lead: CallDuration
  private let listening: CallDuration

  private var ending: LoadResult.Ending?
  private var told: [Int]
  /// When the store answered last, and since when it has answered without a pause of `answerGapMax`.
  private var (answeredAt, answersSince) = (UInt64(0), UInt64(0))

  /// A longer pause between two answers, in microseconds, is one of the store's own: generators could not be heard either.
  private static let answerGapMax: UInt64 = 2_000_000
  /// How long the generators may take to end after the plan, or after the word to stop: their last calls take 12 s.
  private static let endingMax = CallDuration.seconds(60)
  private var watch: ThresholdWatch

  /// - Parameters:
  ///   - plan: of all generators together.
  ///   - period: of its questions, in milliseconds.
  ///   - silenceMax: after which a store that does not answer is given up.
  ///   - lead: between the word to start and the start.
  ///   - listening: for so long the store must have answered before a silent generator is lost.
  package init(
    _ load: SharedLoad, plan: ArrivalPlan, thresholds: [Threshold], in store: any SharedLoadStore, period: Int = 250,
    silenceMax: CallDuration = .seconds(30), lead: CallDuration = SharedLoadLimits.lead,
    listening: CallDuration = SharedLoadLimits.generatorSilenceMax, observer: Observer
  ) {
    (self.load, self.plan, self.thresholds, self.store) = (load, plan, thresholds, store)
    (self.period, self.silenceMax, self.lead, self.observer) = (period, silenceMax, lead, observer)
    self.listening = listening
    told = Array(repeating: 0, count: load.generators)
    watch = ThresholdWatch(thresholds)
  }

  /// Carries the load out; the calling thread waits. The load is taken out of the store at the end, whatever it is.
  /// - Parameters:
  ///   - wait: how long generators are waited for.
  ///   - make: a result with these figures.
  package func run(
    waiting wait: CallDuration, _ make: (_ ending: LoadResult.Ending, _ startedAt: Int64, LoadTotals) -> LoadResult
  ) throws(Fault) -> LoadResult {
    guard try ask({ () throws(StoreError) in try store.submit(load) }) else { throw .full }
    defer { remove() }
    let names = try gather(wait)
    guard let startedAt = try ask({ () throws(StoreError) in try store.start(load.id, in: lead) }) else { throw .gone }
    var merge = LoadMerge(plan, generators: names)
    try follow(&merge)
    let ending = ending ?? .finished
    return merge.result { make(ending, startedAt, $0) }
  }

  // MARK: - Before the start

  /// Waits for the generators.
  /// - Returns: their names, in the order of their parts.
  private func gather(_ wait: CallDuration) throws(Fault) -> [String] {
    let deadline = Deadline.after(microseconds: UInt64(wait.microseconds))
    var shown: Gathering?
    while true {
      let generators = try progress().generators
      for generator in generators where generator.report.phase == .finished {
        throw .notReady(generator: generator.name, why: generator.report.fault ?? "it ended")
      }
      let ready = generators.count { $0.report.phase == .ready }
      let gathering = Gathering(joined: generators.count, ready: ready)
      if gathering != shown { observer.gather(gathering) }
      shown = gathering
      if ready == load.generators { return generators.map(\.name) }
      if observer.isStopped(period) { throw .stopped }
      guard deadline.isOver else { continue }
      guard generators.count == load.generators else { throw .tooFew(generators.count) }
      throw .notReadyInTime(generators: generators.filter { $0.report.phase != .ready }.map(\.name))
    }
  }

  // MARK: - Under way

  private func follow(_ merge: inout LoadMerge) throws(Fault) {
    var deadline = Deadline.after(microseconds: UInt64((lead + plan.duration + Self.endingMax).microseconds))
    while true {
      let generators = try progress().generators
      for generator in generators { try take(generator, into: &merge) }
      if deadline.isOver { for index in told.indices where !merge.hasEnded(index) { merge.end(index, .lost) } }
      // One reading for all seconds that came together.
      var reading: (cores: Double?, bytes: Int?)?
      let servers = {
        reading = reading ?? self.observer.servers()
        return reading ?? (nil, nil)
      }
      while merge.mergeNext(servers: servers) {
        observer.tell(merge.totals)
        if ending == nil, let lost = watch.check(merge.totals) { try stop(.aborted(lost.threshold.text)) }
      }
      if merge.isOver {
        if ending == nil, generators.allSatisfy(\.report.isTargetGone) { ending = .targetGone }
        return
      }
      // What one of them measured is worth nothing, so nothing is to be gained by going on.
      let isInVain = merge.isInvalid
      if observer.isStopped(period) || isInVain, ending == nil {
        try stop(.stopped)
        deadline = min(deadline, .after(microseconds: UInt64(Self.endingMax.microseconds)))
      }
    }
  }

  private func take(_ generator: SharedLoadProgress.Generator, into merge: inout LoadMerge) throws(Fault) {
    let (index, report) = (generator.index, generator.report)
    guard told.indices.contains(index) else { return }
    for second in report.seconds {
      do throws(WireFault) {
        let read = try LoadSecond(reading: second.content)
        guard read.number <= secondsMax else {
          throw WireFault(.outOfRange, "second \(read.number) of a load that has \(secondsMax)")
        }
        merge.add(read, of: index)
      } catch {
        throw .unreadable(generator: generator.name, why: error.message)
      }
      told[index] = max(second.number, told[index])
    }
    if report.phase == .finished {
      merge.begin(index, clockError: report.clockError, lateness: report.lateness)
      if let fault = report.fault { merge.end(index, .failed(fault)) } else { merge.end(index) }
    } else if generator.silence > SharedLoadLimits.generatorSilenceMax, hasListened {
      merge.end(index, .lost)
    } else {
      merge.begin(index, clockError: report.clockError, lateness: report.lateness)
    }
  }

  /// Seconds that a generator can tell.
  private var secondsMax: Int { Int((plan.duration + Self.endingMax).microseconds / 1_000_000) }

  /// Whether the store was there for as long as a generator must have been silent to be lost: until then it could not be heard.
  private var hasListened: Bool { answeredAt - answersSince > UInt64(listening.microseconds) }

  private func stop(_ ending: LoadResult.Ending) throws(Fault) {
    self.ending = ending
    try ask { () throws(StoreError) in try store.stop(load.id) }
  }

  // MARK: - The store

  private func progress() throws(Fault) -> SharedLoadProgress {
    guard let progress = try ask({ () throws(StoreError) in try store.progress(of: load.id, after: told) }) else {
      throw .gone
    }
    let now = MonotonicClock.now()
    if now - answeredAt > Self.answerGapMax { answersSince = now }
    answeredAt = now
    return progress
  }

  /// Asks until there is an answer, for `silenceMax`.
  private func ask<Answer>(_ question: () throws(StoreError) -> Answer) throws(Fault) -> Answer {
    let deadline = Deadline.after(microseconds: UInt64(silenceMax.microseconds))
    while true {
      do throws(StoreError) { return try question() } catch {
        guard !deadline.isOver else { throw .store(error.why) }
        _ = Latch().wait(within: .milliseconds(period))
      }
    }
  }

  private static let removalsMax = 8

  private func remove() {
    // What stays in the store is forgotten in a day, and its generators stop by themselves.
    for _ in 0..<Self.removalsMax {
      do throws(StoreError) { return try store.remove(load.id) } catch {
        _ = Latch().wait(within: .milliseconds(period))
      }
    }
  }
}
