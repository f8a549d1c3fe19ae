import CallCore
import CallDriver
import Cluster
import LoadTest
import SampleCases
import Simulation
import TestSupport
import Testing
import Threads

/// A store whose answers a test changes.
final class AlteredSharedLoadStore: SharedLoadStore {
  private let store: any SharedLoadStore
  private let questions = Locked(0)
  private let isAway: @Sendable (Int) -> Bool
  private let alter: @Sendable (inout SharedLoadProgress) -> Void

  /// - Parameters:
  ///   - isAway: whether so manieth question gets no answer; of these, one in two was done all the same.
  ///   - alter: what coordinators see.
  init(
    _ store: any SharedLoadStore, isAway: @escaping @Sendable (Int) -> Bool = { _ in false },
    alter: @escaping @Sendable (inout SharedLoadProgress) -> Void = { _ in }
  ) { (self.store, self.isAway, self.alter) = (store, isAway, alter) }

  private func ask<Answer>(_ question: () throws(StoreError) -> Answer) throws(StoreError) -> Answer {
    let number = questions.withLock { questions in
      questions += 1
      return questions
    }
    guard isAway(number) else { return try question() }
    if number.isMultiple(of: 2) { _ = try question() }
    throw .unavailable("question \(number)")
  }

  func submit(_ load: SharedLoad) throws(StoreError) -> Bool {
    try ask { () throws(StoreError) in try store.submit(load) }
  }
  func progress(of id: String, after told: [Int]) throws(StoreError) -> SharedLoadProgress? {
    let progress = try ask { () throws(StoreError) in try store.progress(of: id, after: told) }
    return progress.map { progress in
      var altered = progress
      alter(&altered)
      return altered
    }
  }
  func start(_ id: String, in lead: CallDuration) throws(StoreError) -> Int64? {
    try ask { () throws(StoreError) in try store.start(id, in: lead) }
  }
  func stop(_ id: String) throws(StoreError) { try ask { () throws(StoreError) in try store.stop(id) } }
  func remove(_ id: String) throws(StoreError) { try ask { () throws(StoreError) in try store.remove(id) } }
  func join(as name: String, of program: String) throws(StoreError) -> SharedLoadPart? {
    try ask { () throws(StoreError) in try store.join(as: name, of: program) }
  }
  func report(_ report: GeneratorReport, of part: SharedLoadPart) throws(StoreError) -> GeneratorInstruction? {
    try ask { () throws(StoreError) in try store.report(report, of: part) }
  }
  func clock() throws(StoreError) -> Int64 { try ask { () throws(StoreError) in try store.clock() } }
  func foreignPrograms(ofLoadsFor program: String) throws(StoreError) -> [String: String] {
    try ask { () throws(StoreError) in try store.foreignPrograms(ofLoadsFor: program) }
  }
}

/// A load of several generators that place no calls: each counts two calls and a turn a second, as fast as it can.
struct SharedLoadBench: Sendable {
  static let program = "voiceforge 0, program 1, engines 2"
  /// Longer than any of them tells seconds.
  static let arrivals = ArrivalPlan.ramp(to: 6, every: .milliseconds(100), hold: .seconds(86_400))

  let store: any SharedLoadStore
  let plan: SharedLoadPlan
  let news = Locked<[LoadGeneratorWorker.News]>([])
  /// What the generators had counted when they were through.
  let results = Locked<[LoadTotals]>([])

  init(_ store: (any SharedLoadStore)? = nil) throws {
    self.store = store ?? MemorySharedLoadStore { Int64(MonotonicClock.now()) + 1_790_000_000_000_000 }
    plan = SharedLoadPlan(
      kind: "ramp", calls: 6, rate: "10/s", hold: nil, seed: .max, cases: Array(try SampleCases.all().prefix(2)),
      weights: [3, 1], target: "ws://host/v1/call", today: "2026-03-02", canaryEvery: 50)
  }

  /// - Parameters:
  ///   - seconds: after which it is through.
  ///   - silenceMax: after which it stops.
  ///   - prepare: called before a part is ready.
  ///   - during: called in every second with its number, from 1.
  func generator(
    _ name: String, of program: String = program, seconds: Int = 4, silenceMax: CallDuration = .seconds(60),
    prepare: @escaping @Sendable (LoadSegment) throws(LoadGeneratorWorker.PreparationFault) -> Void = { _ in },
    during: @escaping @Sendable (Int) -> Void = { _ in }
  ) -> LoadGeneratorWorker {
    LoadGeneratorWorker(
      store: store, name: name, program: program, period: .milliseconds(1), silenceMax: silenceMax
    ) { [results] plan, _, segment throws(LoadGeneratorWorker.PreparationFault) in
      try prepare(segment)
      return { instant, isStopped, tell in
        while MonotonicClock.now() < instant, !isStopped(1) {}
        var (totals, second, hasStopped) = (LoadTotals(), 0, false)
        while second < seconds, !hasStopped {
          second += 1
          during(second)
          Self.count(second, wait: .milliseconds(500 + 10 * segment.index), &totals)
          tell(totals)
          hasStopped = isStopped(1)
        }
        results.withLock { $0.append(totals) }
        return LoadResult(
          url: plan.target, plan: plan.kind, mix: [], seed: plan.seed, startedAtUnixMicroseconds: 0,
          duration: .seconds(second), ending: hasStopped ? .stopped : .finished, totals: totals, findings: [], loops: 1)
      }
    } tell: { [news] told in
      news.withLock { $0.append(told) }
    }
  }

  private static func count(_ second: Int, wait: CallDuration, _ totals: inout LoadTotals) {
    var recent = LatencyRecord()
    recent.add(wait)
    totals.figures.turnLatency.add(recent)
    totals.figures.turns += 1
    totals.figures.turnsMissed += 1
    totals.figures.offered += 2
    totals.figures.framesSent += 100
    var sample = LoadSample(at: .seconds(second))
    (sample.latencyCounts, sample.active) = (recent.counts, 2)
    totals.add(sample)
  }

  /// Has generators take one load, and a coordinator carry it out.
  /// - Parameters:
  ///   - id: of the load.
  ///   - wait: for the generators.
  ///   - isStopped: asked again and again whether the load is to end.
  func result(
    of workers: [LoadGeneratorWorker], parts: Int? = nil, id: String = "load",
    thresholds: [Threshold] = [], waiting wait: CallDuration = .seconds(60), over store: (any SharedLoadStore)? = nil,
    isStopped: @escaping () -> Bool = { false }, gather: @escaping (LoadCoordinator.Gathering) -> Void = { _ in }
  ) throws(LoadCoordinator.Fault) -> LoadResult {
    let pool = WorkerPool(threadCount: max(workers.count, 1), niceness: 0)
    defer {
      for worker in workers { worker.stop() }
      pool.finish()
    }
    for worker in workers {
      let isTaken = pool.submit(.waitedFor) { worker.work() }
      precondition(isTaken, "a new pool takes work")
    }
    let load = SharedLoad(
      id: id, program: Self.program, generators: parts ?? workers.count, document: plan.bytes)
    let observer = LoadCoordinator.Observer(
      isStopped: { milliseconds in isStopped() || Latch().wait(within: .milliseconds(milliseconds)) },
      gather: gather, tell: { _ in }, servers: { (nil, nil) })
    return try LoadCoordinator(
      load, plan: Self.arrivals, thresholds: thresholds, in: store ?? self.store, period: 1, silenceMax: .seconds(60),
      lead: .zero, listening: .zero, observer: observer
    ).run(waiting: wait) { ending, startedAt, totals in
      LoadResult(
        url: plan.target, plan: "six", mix: [], seed: 1, startedAtUnixMicroseconds: startedAt, duration: .seconds(4),
        ending: ending, totals: totals, findings: thresholds.map { ThresholdFinding($0, in: totals) },
        loops: workers.count)
    }
  }
}
