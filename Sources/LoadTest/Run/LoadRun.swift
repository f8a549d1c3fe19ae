import CallCore
import CallDriver
import Glibc
public import WebSockets
import Threads

/// Carries out a load test: places the calls that the plan asks for, looks at the figures every second, and ends when the plan does, when
/// a threshold is hopeless, when the target is gone, or when it is told to.
public final class LoadRun {
  /// How often the plan is looked at.
  private static let step = 10
  /// How long the last calls may take to end: the time that a call waits for its `ended`, and a little.
  private static let endingMax: UInt64 = 12_000_000

  private let order: LoadOrder
  private let canaries: CanaryScheduler?
  private var servers: ServerWatchList
  private let counters: LoadCounters
  private let loops: [LoadLoop]
  private var schedule: ArrivalSchedule
  private var totals = LoadTotals()
  private var callCount = 0
  private var lastCPU = GeneratorClock.cpuSeconds
  private var lastSampleAt: UInt64 = 0
  private var startedAt: UInt64 = 0
  /// When the plan was to start and did not, because this thread came too late.
  private var lateness: UInt64 = 0

  /// - Parameters:
  ///   - order: what to do.
  ///   - canaries: holds the calls that are scored; `nil`: there are none.
  ///   - watches: of the servers that are called; empty where nothing is to be known of them.
  public init(_ order: LoadOrder, canaries: CanaryScheduler?, watches: [ServerWatch]) {
    self.order = order
    self.canaries = canaries
    servers = ServerWatchList(watches)
    let counters = LoadCounters()
    self.counters = counters
    let isSecure = order.callee.url.lowercased().hasPrefix("wss:")
    loops = (1...order.loops).map { LoadLoop(number: $0, counters: counters, offersTLS: isSecure, key: order.key) }
    schedule = ArrivalSchedule(plan: order.plan, segment: order.segment)
    totals.planDuration = order.plan.duration
  }

  /// Runs to the end; the calling thread waits.
  /// - Parameters:
  ///   - instant: when the plan starts, in microseconds of `MonotonicClock`; `nil`: now.
  ///   - isStopped: waits so many milliseconds and says whether the run is to end now.
  ///   - tell: called on the calling thread once a second, with where the run stands.
  public func run(
    at instant: UInt64? = nil, isStopped: (Int) -> Bool, tell: (LoadTotals) -> Void
  ) throws(WebSocketError) -> LoadResult {
    for loop in loops { try loop.start() }
    try canaries?.begin(reportingTo: counters)
    let isCalledOff = self.isCalledOff(before: instant, isStopped)
    let startedAtUnix = Self.unixMicroseconds
    lastSampleAt = startedAt
    lastCPU = GeneratorClock.cpuSeconds
    servers.begin()
    let ending = isCalledOff ? .stopped : place(isStopped, tell)
    let duration = time(MonotonicClock.now())
    end(isStopped, tell)
    for loop in loops { loop.stop() }
    canaries?.finish()
    // What was counted since the last whole second; without it the seconds would not add up to the whole.
    sample(at: MonotonicClock.now())
    var result = LoadResult(
      url: order.callee.name, plan: order.plan.summary,
      mix: zip(order.recordings, order.mix.weights).map { ($0.testCase.id, $1) }, seed: order.seed,
      startedAtUnixMicroseconds: startedAtUnix, duration: duration,
      ending: ending, totals: totals, findings: order.thresholds.map { ThresholdFinding($0, in: totals) },
      loops: order.loops)
    result.lateness = .microseconds(Int64(lateness))
    return result
  }

  /// Waits for the start of the plan.
  /// - Returns: whether the run was stopped before it.
  private func isCalledOff(before instant: UInt64?, _ isStopped: (Int) -> Bool) -> Bool {
    var now = MonotonicClock.now()
    let instant = instant ?? now
    while now < instant {
      if isStopped(min(Self.step, Int(instant - now) / 1000)) {
        startedAt = now
        return true
      }
      now = MonotonicClock.now()
    }
    startedAt = instant
    lateness = now - instant
    return false
  }

  private func place(_ isStopped: (Int) -> Bool, _ tell: (LoadTotals) -> Void) -> LoadResult.Ending {
    var thresholds = ThresholdWatch(order.thresholds)
    while true {
      let now = MonotonicClock.now()
      let time = time(now)
      guard time < order.plan.duration else { return .finished }
      let calls = counters.calls(at: now)
      if calls.isTargetGone { return .targetGone }
      for _ in 0..<schedule.beginDue(at: time, up: calls.up + calls.connecting, over: calls.free) { begin() }
      if sampleIfDue(at: now) {
        tell(totals)
        if let lost = thresholds.check(totals) { return .aborted(lost.threshold.text) }
      }
      if isStopped(Self.step) { return .stopped }
    }
  }

  private func begin() {
    let call = order.segment.call(callCount)
    let loop = loops[callCount % loops.count]
    callCount += 1
    let index = order.mix.index(ofCall: call)
    counters.countBegun()
    if order.isCanary(call), let canaries {
      canaries.place(order.recordings[index].testCase, call: call)
    } else if !loop.place(order.recordings[index], call: call, to: order.callee) {
      counters.countEnd(.failed("the generator's mailbox is full"), wasAccepted: false, at: MonotonicClock.now())
      counters.change { $0.count(.failed("the generator's mailbox is full")) }
    }
  }

  private func end(_ isStopped: (Int) -> Bool, _ tell: (LoadTotals) -> Void) {
    totals.isEnding = true
    for loop in loops { loop.abort() }
    canaries?.abort()
    let deadline = MonotonicClock.now() + Self.endingMax
    while true {
      let now = MonotonicClock.now()
      let calls = counters.calls(at: now)
      guard calls.up + calls.connecting > 0, now < deadline else { return }
      if sampleIfDue(at: now) { tell(totals) }
      if isStopped(Self.step) { return }
    }
  }

  // MARK: - Figures

  private func sampleIfDue(at now: UInt64) -> Bool {
    // At whole seconds of the plan, so that several generators' seconds are the same ones.
    guard (now - startedAt) / 1_000_000 > (lastSampleAt - startedAt) / 1_000_000 else { return false }
    sample(at: now)
    return true
  }

  private func sample(at now: UInt64) {
    let calls = counters.calls(at: now)
    collect()
    let time = time(now)
    var sample = LoadSample(at: time)
    sample.active = calls.up
    sample.connecting = calls.connecting
    sample.isFull = order.plan.isFull(at: time)
    sample.count(totals.figures, recent: counters.takeRecent())
    (sample.serverCores, sample.serverBytes) = servers.next()
    let cpu = GeneratorClock.cpuSeconds
    sample.generatorCores = (cpu - lastCPU) * 1_000_000 / Double(max(now - lastSampleAt, 1))
    lastCPU = cpu
    lastSampleAt = now
    totals.add(sample)
  }

  private func collect() {
    totals.figures = counters.figures
    totals.canaries = canaries?.figures ?? CanaryFigures()
    totals.givenUp = schedule.givenUp
  }

  private static var unixMicroseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }

  private func time(_ now: UInt64) -> CallDuration { .microseconds(Int64(now - startedAt)) }
}
