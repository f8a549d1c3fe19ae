import Bounds
public import CallCore
import DequeModule
import WebSockets

/// Decides whether a further call can be taken. A value: it is told the load and the time, so that it can be tested in virtual time.
///
/// Each limit has a level at which it closes the door and a lower one at which it opens again, after a second of calm. A call
/// that was just admitted costs nothing yet that could be measured, so its cost is reserved until it must show: a burst is
/// stopped by what it will cost.
package struct Admission: Sendable {
  /// Time until what a new call costs shows on a media loop, with its figure's own delay.
  static let loopSettling = CallDuration.seconds(2)
  /// Time until it shows at the speech engines: a caller hears a greeting of some seconds and then speaks.
  static let engineSettling = RecentAdmissions.span
  /// Calls that begin together speak together: the first turns of those that began within this time meet at the engines.
  static let firstTurns = CallDuration.seconds(4)
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
  /// The same while first turns meet: 70 ms of recognition and a little more within `firstTurns`.
  static let firstTurnsFactor = 2.5

  let limits: AdmissionLimits
  private let loops: Int
  private let threads: Int
  /// What was measured last, shares averaged.
  package private(set) var load = LoadFigures()
  package private(set) var loopCost = CallCost(known: loopShareOfCall)
  package private(set) var engineCost = CallCost(known: engineShareOfCall)
  /// Why the door is closed.
  package private(set) var closedFor: RefusalReason?
  /// What was measured when the door was closed; it may be calm again since.
  private var loadAtClosing = LoadFigures()
  private var calmSince: Timestamp?
  private var starts = RecentAdmissions()
  /// Calls that may begin at once.
  private var budget: TokenBucket

  /// - Parameters:
  ///   - loops: media loops, 1 and up.
  ///   - threads: speech threads, 1 and up.
  package init(limits: AdmissionLimits, loops: Int, threads: Int) {
    self.limits = limits
    self.loops = loops
    self.threads = threads
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
    loopCost.learn(cores: load.loopShares, calls: load.calls, unseen: unseen(Self.loopSettling, at: figures.at))
    engineCost.learn(
      cores: load.engineShare * Double(threads), calls: load.calls,
      unseen: unseen(Self.engineSettling, at: figures.at))
    judge(at: figures.at)
  }

  /// Asks for one call, and takes it into account when it may come.
  /// - Returns: why it may not.
  package mutating func admit(at now: Timestamp) -> RefusalReason? {
    if let reason = check(at: now) { return reason }
    _ = budget.consume(at: now)
    starts.add(now)
    return nil
  }

  /// Asks for a call that may yet be refused for other reasons: nothing is taken into account, but a limit that it would pass
  /// closes the door.
  package mutating func check(at now: Timestamp) -> RefusalReason? {
    let reason = rejectOverload(at: now)
    if let reason, reason != .pace, closedFor == nil { close(reason) }
    return reason
  }

  /// Why a call would not be admitted now.
  package func rejectOverload(at now: Timestamp) -> RefusalReason? {
    if let closedFor { return closedFor }
    if let reason = passedLimit(isClosed: false, calls: 1, at: now) { return reason }
    return budget.wait(at: now) > 0 ? .pace : nil
  }

  /// Calls whose cost at the speech engines is reserved.
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
    let divisor = isClosed ? 2 : 1
    let gap = isClosed ? Self.shareGap : 0
    if load.tickLateness * divisor > limits.tickLatenessMax { return .tickLateness }
    if load.engineWait * divisor > limits.engineWaitMax { return .engineWait }
    if load.engineQueue * divisor > limits.engineQueueMax { return .engineQueue }
    let newCalls = Double(unseen(Self.loopSettling, at: now) + calls) * loopCost.share
    let onLoops = newCalls + Double(load.newEchoCancellers) * Self.loopShareOfEcho
    if load.loopShare + onLoops / Double(loops) > limits.loopShareMax - gap { return .loopShare }
    let atEngines = (reserved(at: now) + Double(calls)) * engineCost.share / Double(threads)
    return load.engineShare + atEngines > limits.engineShareMax - gap ? .engineShare : nil
  }

  /// Calls whose cost at the engines does not show yet; those that will speak at once count for more.
  private func reserved(at now: Timestamp) -> Double {
    max(Double(unseen(Self.engineSettling, at: now)), Double(unseen(Self.firstTurns, at: now)) * Self.firstTurnsFactor)
  }

  /// Calls that began less than `settling` ago: no more than are up, and those that are about to be.
  private func unseen(_ settling: CallDuration, at now: Timestamp) -> Int {
    min(starts.count(within: settling, at: now), load.calls + starts.count(within: Self.opening, at: now))
  }

  private static func average(_ before: Double, _ new: Double) -> Double { before + (new - before) * newShare }
}

/// How much load a server takes on before it refuses further calls. The limits lie where the calls that are up are still served
/// well: beyond them it is all calls that suffer, not only the last.
public struct AdmissionLimits: Sendable, Equatable {
  /// Share of a core that the busiest media loop may use, 0 … 1. Slightly over 1 all frames are late within seconds, and the loop's
  /// core is also wanted by the speech engines.
  public var loopShareMax = 0.80
  /// Share of the time of all speech threads that may be in use, 0 … 1. With two threads and constant service time the mean wait is
  /// half a recognition at 0.7, 1.3 of them at 0.85 and 2.1 at 0.9 (M/D/2); turns that happen to meet need the rest.
  public var engineShareMax = 0.85
  /// Longest wait for a speech thread. A turn latency of 1.2 s is 500 ms of silence, this, and some 200 ms of recognition,
  /// synthesis and playout.
  public var engineWaitMax = CallDuration.milliseconds(400)
  /// Work that may wait for each speech thread: 8 recognitions of 70 ms are half a second.
  public var engineQueueMax = 8
  /// Lateness of the worst twentieth of a loop's ticks over the last second: one frame.
  public var tickLatenessMax = CallDuration.milliseconds(20)
  /// Calls that may begin in a second.
  public var callStartsPerSecondMax = 100

  /// The defaults.
  public init() {}
}

/// What one call costs on average: taken as known while nothing was measured, learned from the calls that are up afterwards.
package struct CallCost: Sendable, Equatable {
  /// Fewer calls say nothing about the average.
  static let callsMin = 8
  /// How far the learned cost may leave the known one, either way: calls that are silent now may speak in a moment.
  static let rangeFactor = 8.0
  /// Share of a new measurement in the average. At four a second this forgets within some four seconds.
  private static let newShare = 1.0 / 16

  /// Share of a core.
  let known: Double
  /// Share of a core, as far as it is known now.
  package private(set) var share: Double

  /// - Parameter known: share of a core.
  init(known: Double) {
    self.known = known
    share = known
  }

  /// Where most calls are new, nothing is learned: their first turns meet, and a burst would make every later call look dear.
  /// When no call is up, what was learned is forgotten as fast: the next calls may be others.
  /// - Parameters:
  ///   - cores: used by all calls together.
  ///   - calls: that are up.
  ///   - unseen: those of them that are too new to cost what they will. Each counts for half: they grow into it.
  mutating func learn(cores: Double, calls: Int, unseen: Int) {
    if calls == 0 { return approach(known) }
    guard calls - unseen >= Self.callsMin, calls >= unseen * 2 else { return }
    let measured = cores / (Double(calls) - Double(unseen) / 2)
    approach(min(max(measured, known / Self.rangeFactor), known * Self.rangeFactor))
  }

  private mutating func approach(_ value: Double) { share += (value - share) * Self.newShare }
}

/// When calls were admitted lately: they will cost something, but it does not show yet.
struct RecentAdmissions: Sendable {
  /// Longest time that anybody asks about.
  static let span = CallDuration.seconds(8)
  /// Most starts that are known. Beyond it the oldest is forgotten early.
  static let countMax = 4096

  private var instants: Deque<Timestamp> = []

  mutating func add(_ now: Timestamp) {
    if instants.count >= Self.countMax { instants.removeFirst() }
    instants.append(now)
  }

  mutating func forget(at now: Timestamp) {
    instants.removeFirst(instants.firstIndex { now - $0 < Self.span } ?? instants.count)
  }

  /// Starts less than `age` ago.
  func count(within age: CallDuration, at now: Timestamp) -> Int {
    instants.count - (instants.firstIndex { now - $0 < age } ?? instants.count)
  }
}

/// Why a call was not taken.
package enum RefusalReason: String, CaseIterable, Sendable {
  /// The server is going down.
  case stopping
  /// This node takes no calls: `ServerSettings.takesCalls`.
  case speechOnly = "speech-only"
  /// A speech engine is missing.
  case engineMissing = "engine-missing"
  /// The speech engines are still loading.
  case loading
  /// All lines are busy.
  case lines
  /// `AdmissionLimits.tickLatenessMax`.
  case tickLateness = "tick-lateness"
  /// `AdmissionLimits.loopShareMax`.
  case loopShare = "loop-share"
  /// `AdmissionLimits.engineWaitMax`.
  case engineWait = "engine-wait"
  /// `AdmissionLimits.engineQueueMax`.
  case engineQueue = "engine-queue"
  /// `AdmissionLimits.engineShareMax`.
  case engineShare = "engine-share"
  /// `AdmissionLimits.callStartsPerSecondMax`.
  case pace
  /// What the caller asked for cannot be had; known only after its `start`.
  case request

  /// Seconds after which to try again: as long as it takes to change.
  var retryAfterSeconds: Int {
    switch self {
    case .stopping: 10
    case .engineMissing: 60
    case .speechOnly: 3600
    case .loading: 2
    case .lines: 5
    case .tickLateness, .loopShare, .engineWait, .engineQueue, .engineShare: 3
    case .pace: 1
    case .request: 0
    }
  }
}

/// A call that is not taken: why, and what its caller is told.
struct Refusal {
  let reason: RefusalReason
  let text: String

  /// - Parameter text: for the operator of the calling side.
  init(_ reason: RefusalReason, _ text: String) {
    self.reason = reason
    self.text = text
  }

  /// Because of the load: says which limit, its name among the settings, and where the figure was.
  init(_ reason: RefusalReason, door: Admission) {
    let (load, limits) = (door.refusingLoad, door.limits)
    let text =
      switch reason {
      case .tickLateness:
        "tick-lateness: the media loops were \(load.tickLateness.milliseconds) ms late; "
          + "the limit is \(limits.tickLatenessMax.milliseconds) ms"
      case .loopShare:
        "loop-share: the media loops used \(Self.percent(load.loopShare)) of a core, and calls that just came will use more; "
          + "the limit is \(Self.percent(limits.loopShareMax))"
      case .engineWait:
        "engine-wait: the speech engines were waited for \(load.engineWait.milliseconds) ms; "
          + "the limit is \(limits.engineWaitMax.milliseconds) ms"
      case .engineQueue:
        "engine-queue: \(load.engineQueue) requests waited for each speech thread; the limit is \(limits.engineQueueMax)"
      case .engineShare:
        "engine-share: the speech engines were busy for \(Self.percent(load.engineShare)) of the time, and calls that just came "
          + "will need more; the limit is \(Self.percent(limits.engineShareMax))"
      case .pace: "pace: more than \(limits.callStartsPerSecondMax) calls began within a second"
      case .stopping, .speechOnly, .engineMissing, .loading, .lines, .request: reason.rawValue
      }
    self.init(reason, text)
  }

  /// As the acceptor wants it.
  var decision: AdmissionDecision { .refuse(retryAfterSeconds: reason.retryAfterSeconds, reason: text) }

  /// 503 with `Retry-After`.
  var response: HTTPResponse {
    var response = HTTPResponse.problem(status: 503, detail: text)
    response.headers.append(("retry-after", String(reason.retryAfterSeconds)))
    return response
  }

  private static func percent(_ share: Double) -> String { "\(Int(nearest: share * 100)) %" }
}
