import CallCore
import CallServer

/// A server in virtual time, as a fluid: each call costs its share of a loop at once and its share of a speech thread from its
/// first turn on; what the threads cannot do waits.
struct AdmissionHarness {
  var admission: Admission
  let threads = 2
  let loops = 2
  /// What a call really costs.
  var engineShareOfCall = Admission.engineShareOfCall
  var loopShareOfCall = Admission.loopShareOfCall
  /// A speech thread's time for a turn, seconds.
  var recognition = 0.07
  /// When a caller begins to speak.
  var firstTurn = CallDuration.seconds(4)
  /// How much dearer a call is while its first turn is served, which takes two seconds.
  var firstTurnFactor = 1.0
  /// Ticks are late by so much.
  var tickLateness = CallDuration.zero
  /// Noise on the share of the engines: added and taken away in turn.
  var noise = 0.0
  private(set) var now = Timestamp.zero
  private(set) var refused: [RefusalReason: Int] = [:]
  /// Times that the door was opened or closed.
  private(set) var doorChanges = 0
  private(set) var longestWait = CallDuration.zero
  /// Share of the engines' time that is asked for, which may be over 1.
  private(set) var engineLoadMax = 0.0
  private var begins: [Timestamp] = []
  /// Thread-seconds that wait.
  private var backlog = 0.0
  private var callsEnded = 0
  private var steps = 0

  init(_ adjust: (inout AdmissionLimits) -> Void = { _ in }) {
    var limits = AdmissionLimits()
    adjust(&limits)
    admission = Admission(limits: limits, loops: loops, threads: threads)
  }

  var calls: Int { begins.count }
  var refusals: Int { refused.values.reduce(0, +) }

  /// One call is offered now.
  mutating func offer() {
    if let reason = admission.admit(at: now) { refused[reason, default: 0] += 1 } else { begins.append(now) }
  }

  /// Time passes in quarters of a second, with calls offered evenly.
  /// - Parameter hold: how long a call lasts; `nil` for ever.
  mutating func pass(_ length: CallDuration, offering perSecond: Int = 0, hold: CallDuration? = nil) {
    let end = now + length
    while now < end {
      for _ in 0..<max(perSecond / 4, perSecond > 0 ? 1 : 0) { offer() }
      step(hold: hold)
    }
  }

  /// All hang up.
  mutating func hangUpAll() {
    callsEnded += begins.count
    begins = []
  }

  private mutating func step(hold: CallDuration?) {
    now = now + .milliseconds(250)
    let before = begins.count
    if let hold { begins.removeAll { now - $0 >= hold } }
    callsEnded += before - begins.count
    steps += 1
    let reason = admission.closedFor
    admission.update(figures())
    if (reason == nil) != (admission.closedFor == nil) { doorChanges += 1 }
  }

  private mutating func figures() -> LoadFigures {
    let speaking = begins.count { now - $0 >= firstTurn }
    let first = begins.count { now - $0 >= firstTurn && now - $0 < firstTurn + .seconds(2) }
    let cost = Double(speaking) + Double(first) * (firstTurnFactor - 1)
    let load = cost * engineShareOfCall / Double(threads) + (steps.isMultiple(of: 2) ? noise : -noise)
    engineLoadMax = max(engineLoadMax, load)
    backlog = max(0, backlog + (load - 1) * Double(threads) / 4)
    var figures = LoadFigures()
    figures.at = now
    figures.calls = begins.count
    figures.callsEnded = callsEnded
    figures.speakers = engineShareOfCall > 0 ? speaking : 0
    figures.loopShares = Double(begins.count) * loopShareOfCall
    figures.loopShare = figures.loopShares / Double(loops)
    figures.tickLateness = tickLateness
    figures.engineShare = min(max(load, 0), 1)
    figures.enginePiecesPerSecond = figures.engineShare * Double(threads) / recognition
    figures.engineWait = .milliseconds(Int(backlog / Double(threads) * 1000))
    figures.engineQueue = Int(backlog / recognition) / threads
    longestWait = max(longestWait, figures.engineWait)
    return figures
  }
}
