import Bounds
package import CallCore

/// Decides whether a further call can be taken. A value: it is told the load and the time, so that it can be tested in virtual time.
///
/// What is measured has a level at which it closes the door and a lower one at which it opens again, after a second of calm. A call
/// that was just admitted costs nothing yet that could be measured, so it counts with what it will cost: a burst is stopped by that. What
/// is foretold of the speech engines refuses single calls and closes nothing: one comes for each that goes, and callers who are let in
/// by bunches would also speak by bunches. Nor do waits for the engines that pass: see `EngineWaits`.
package struct Admission: Sendable {
  /// Time until what a new call costs shows on a media loop, with its figure's own delay.
  static let loopSettling = CallDuration.seconds(2)
  /// Time until it shows at the speech engines: a caller hears a greeting of some seconds and then speaks.
  static let engineSettling = RecentAdmissions.span
  /// An admitted call that is not counted after this time never came up.
  static let opening = CallDuration.seconds(1)
  /// A door that was closed stays so until every figure was below its lower level for so long.
  static let calm = CallDuration.seconds(1)
  /// How far below its limit a share must fall.
  static let shareGap = 0.05
  /// Share of a new figure in the average of a share. At four a second this follows within two seconds.
  static let newShare = 1.0 / 8
  /// A loop's share of a core for one call whose caller speaks a third of the time (measured with 160 such calls on two cores).
  package static let loopShareOfCall = 0.003
  /// A loop's share of a core for an echo canceller: 80 µs for 20 ms (measured), which only the agent's speech costs.
  package static let loopShareOfEcho = 0.004
  /// A speech thread's time for such a call: a turn for every 6.5 s, whose reply is in the cache (measured likewise).
  package static let engineShareOfCall = 0.008
  /// Turns that come at random use the threads over two seconds for a tenth more or less of the time than they do on average (one
  /// thread, 50 ms a turn): what is measured closes the door by itself only so far beyond the limit.
  static let chance = 0.1
  /// Share of the speech threads' time that may be in use however long one turn takes.
  static let engineShareFloor = 0.5

  let limits: AdmissionLimits
  private let loops: Int
  private let threads: Int
  /// What was measured last, shares averaged.
  package private(set) var load = LoadFigures()
  package private(set) var loopCost = CallCost(known: loopShareOfCall)
  /// See `EngineForecast`.
  package var engineCost: CallCost { forecast.cost }
  /// Why the door is closed.
  package private(set) var closedFor: RefusalReason?
  /// What was measured when the door was closed; it may be calm again since.
  private var loadAtClosing = LoadFigures()
  private var calmSince: Timestamp?
  private var starts = RecentAdmissions()
  private var forecast: EngineForecast
  private var waits = EngineWaits()
  private var pace = CallPace()
  /// Share of the speech threads' time that may be foretold: `AdmissionLimits.engineShareMax`, or less where turns would wait for
  /// longer than `AdmissionLimits.engineWaitMax`, or do.
  package private(set) var engineShareMax: Double
  /// Calls that may begin at once.
  private var budget: TokenBucket

  /// - Parameters:
  ///   - loops: media loops, 1 and up.
  ///   - threads: speech threads, 1 and up.
  package init(limits: AdmissionLimits, loops: Int, threads: Int) {
    self.limits = limits
    self.loops = loops
    self.threads = threads
    forecast = EngineForecast(threads: threads)
    engineShareMax = limits.engineShareMax
    budget = TokenBucket(perSecond: limits.callStartsPerSecondMax, atOnce: limits.callStartsPerSecondMax)
  }

  /// Takes in new figures; called several times a second.
  package mutating func update(_ figures: LoadFigures) {
    let before = load
    load = figures
    load.loopShare = Self.average(before.loopShare, figures.loopShare)
    load.loopShares = Self.average(before.loopShares, figures.loopShares)
    load.engineShare = Self.average(before.engineShare, figures.engineShare)
    starts.forget(at: figures.at)
    loopCost.learn(
      cores: figures.loopShares, calls: Double(load.calls - unseen(Self.loopSettling, at: figures.at)),
      isIdle: load.calls == 0)
    learnEngines(figures, before: before)
    judge(at: figures.at)
  }

  private mutating func learnEngines(_ figures: LoadFigures, before: LoadFigures) {
    let passed = figures.at - before.at
    guard passed > .zero else { return }
    var calls = calls(at: figures.at)
    calls.ended = max(0, figures.callsEnded - before.callsEnded)
    forecast.learn(figures, of: calls, after: passed.seconds)
    pace.learn(
      ended: max(0, figures.callsRecorded - before.callsRecorded),
      seconds: max(0, figures.recordedSeconds - before.recordedSeconds))
    let bearable = TurnWait.utilizationMax(
      wait: limits.engineWaitMax.seconds, service: forecast.turnTime, threads: threads)
    let usual = min(limits.engineShareMax, max(bearable, Self.engineShareFloor))
    waits.learn(figures, limits, isOverloaded: forecast.busyShare > usual + Self.chance, after: passed.seconds)
    engineShareMax = usual * waits.part
  }

  /// Asks for one call, and takes it into account when it may come.
  /// - Returns: why it may not.
  package mutating func admit(at now: Timestamp) -> RefusalReason? {
    if let reason = check(at: now) { return reason }
    _ = budget.consume(at: now)
    starts.add(now)
    forecast.addCall()
    return nil
  }

  /// Asks for a call that may yet be refused for other reasons: nothing is taken into account, but a measured limit that it would pass
  /// closes the door.
  package mutating func check(at now: Timestamp) -> RefusalReason? {
    if closedFor == nil, let reason = passedLimit(isClosed: false, calls: 1, at: now) { close(reason) }
    return rejectOverload(at: now)
  }

  /// Why a call would not be admitted now.
  package func rejectOverload(at now: Timestamp) -> RefusalReason? {
    standingReason(at: now) ?? (budget.wait(at: now) > 0 ? .pace : nil)
  }

  /// Why the load leaves no room, however slowly calls come.
  /// - Parameter calls: that would come; 0: whether those that are up are too many.
  package func standingReason(for calls: Int = 1, at now: Timestamp) -> RefusalReason? {
    if let closedFor { return closedFor }
    if let reason = passedLimit(isClosed: false, calls: calls, at: now) { return reason }
    return willPassEngines(calls: calls, at: now) ? .engineShare : nil
  }

  /// Calls that may be too new to show at the speech engines.
  var reservedCalls: Int { unseen(Self.engineSettling, at: load.at) }

  private mutating func judge(at now: Timestamp) {
    if let reason = passedLimit(isClosed: false, calls: 0, at: now) { return close(reason) }
    guard closedFor != nil else { return }
    guard passedLimit(isClosed: true, calls: 1, at: now) == nil else {
      calmSince = nil
      return
    }
    let since = calmSince ?? now
    calmSince = since
    if now - since >= Self.calm { closedFor = nil }
  }

  /// The figures for which calls are refused.
  package var refusingLoad: LoadFigures { closedFor == nil ? load : loadAtClosing }

  private mutating func close(_ reason: RefusalReason) {
    closedFor = reason
    loadAtClosing = load
    calmSince = nil
  }

  /// - Parameters:
  ///   - isClosed: whether the lower levels count.
  ///   - calls: taken into account beside those that are up or reserved.
  private func passedLimit(isClosed: Bool, calls: Int, at now: Timestamp) -> RefusalReason? {
    let gap = isClosed ? Self.shareGap : 0
    if load.tickLateness * (isClosed ? 2 : 1) > limits.tickLatenessMax { return .tickLateness }
    if isClosed {
      if load.engineWait * 2 > limits.engineWaitMax { return .engineWait }
      if load.engineQueue * 2 > limits.engineQueueMax { return .engineQueue }
    } else if let reason = waits.passedLimit(load, limits, at: now) {
      return reason
    }
    let newCalls = Double(unseen(Self.loopSettling, at: now) + calls) * loopCost.share
    let onLoops = newCalls + Double(load.newEchoCancellers) * Self.loopShareOfEcho
    if load.loopShare + onLoops / Double(loops) > limits.loopShareMax - gap { return .loopShare }
    return load.engineShare > limits.engineShareMax + Self.chance - gap ? .engineShare : nil
  }

  /// Whether the speech engines would be in use for more of their time than they may, or first turns would wait too long, or calls
  /// would go in step.
  private func willPassEngines(calls more: Int, at now: Timestamp) -> Bool {
    // Such a limit is none.
    guard limits.engineShareMax <= 1 else { return false }
    let calls = calls(at: now)
    if forecast.share(of: calls, and: Double(more)) > engineShareMax { return true }
    let span = Self.engineSettling
    let startsMax = pace.startsMax(within: span, fitting: forecast.fitting(shareMax: engineShareMax))
    if more > 0, Double(starts.count(within: span, at: now) + more) > startsMax { return true }
    // Half the wait is left to turns that happen to meet.
    let waitMax = limits.engineWaitMax.seconds / 2
    return forecast.firstTurnWait(of: calls, and: more, shareMax: engineShareMax) > waitMax
  }

  /// Share of the speech threads' time that is in use once all calls speak that are up now, 0 and up.
  package var foretoldEngineShare: Double { forecast.share(of: calls(at: load.at)) }

  /// The calls that are up at `now`, and those that were admitted since the last look.
  private func calls(at now: Timestamp) -> EngineForecast.Calls {
    let up = max(load.calls + starts.count(within: now - load.at, at: now), starts.count(within: Self.opening, at: now))
    let young = min(up, starts.count(within: Self.engineSettling, at: now))
    return EngineForecast.Calls(up: up, young: young, speakers: min(up, load.speakers))
  }

  /// Calls that began less than `settling` ago: no more than are up, and those that are about to be.
  private func unseen(_ settling: CallDuration, at now: Timestamp) -> Int {
    min(starts.count(within: settling, at: now), load.calls + starts.count(within: Self.opening, at: now))
  }

  private static func average(_ before: Double, _ new: Double) -> Double { before + (new - before) * newShare }
}
