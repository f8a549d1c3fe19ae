import CallCore
import CallServer
import Glibc
import TestSupport

/// A server in virtual time, turn by turn: each caller hears a greeting, then says a turn now and then, at instants that are drawn from a seed; each turn is one
/// recognition of a fixed time, first come, first served. Unlike `AdmissionHarness` it shows what callers feel: how long a turn waits.
struct TurnQueueHarness {
  /// What a caller does, and what it costs.
  struct Callers {
    /// From the start of a call to the end of its first turn.
    var firstTurn: ClosedRange<Double> = 7.5...9.5
    /// From one turn to the next.
    var turnInterval: ClosedRange<Double> = 3.5...9.5
    /// How long a call lasts; `nil`: for ever.
    var hold: ClosedRange<Double>?
    /// Speech thread's time for a turn, seconds.
    var recognition = 0.05
    var loopShare = Admission.loopShareOfCall
    /// Nothing is said in the last so many seconds of a call.
    var quietEnd = 0.0
  }

  private struct Call {
    let start: Double
    var nextTurn: Double
    var end: Double
    var hasSpoken = false
  }

  /// Length of a step, seconds.
  private static let step = 0.01
  /// A caller who was refused calls again after so long, as `Retry-After` says.
  private static let retry = 3.0

  var callers = Callers()
  private(set) var admission: Admission
  private(set) var refused: [RefusalReason: Int] = [:]
  /// Waits of all turns for a speech thread, seconds, oldest first, with the instant of each.
  private(set) var waits: [(at: Double, wait: Double)] = []
  private(set) var doorChanges = 0
  /// Calls up, for each second.
  private(set) var callsBySecond: [Int] = []
  private let threads: Int
  private var dice: SeededGenerator
  private var calls: [Call] = []
  private var retries: [Double] = []
  private var callsEnded = 0
  private var secondsEnded = 0.0
  private var stepsDone = 0
  /// When each thread is free again.
  private var freeAt: [Double]
  /// Recognitions that are not over, or were within the last second: when each came, began and ended.
  private var work: [(come: Double, start: Double, end: Double)] = []

  init(threads: Int, seed: UInt64, _ adjust: (inout AdmissionLimits) -> Void = { _ in }) {
    var limits = AdmissionLimits()
    adjust(&limits)
    self.threads = threads
    admission = Admission(limits: limits, loops: 1, threads: threads)
    dice = SeededGenerator(seed: seed)
    freeAt = Array(repeating: 0, count: threads)
  }

  var count: Int { calls.count }
  var refusals: Int { refused.values.reduce(0, +) }
  private var now: Double { Double(stepsDone) * Self.step }
  private var instant: Timestamp { Timestamp(microseconds: Int64(stepsDone) * 10_000) }

  /// The wait that so many of a hundred turns since `second` did not pass, seconds.
  func wait(percentile: Int, since second: Double = 0) -> Double {
    let sorted = waits.filter { $0.at >= second }.map(\.wait).sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count * percentile / 100, sorted.count - 1)]
  }

  /// Calls up on average since `second`.
  func meanCalls(since second: Int) -> Double {
    let part = callsBySecond.dropFirst(second)
    return Double(part.reduce(0, +)) / Double(max(part.count, 1))
  }

  /// Time passes, and callers keep `wanted` calls up, at most `rate` new ones a second: who is refused calls again, who has hung up is followed by another.
  mutating func pass(seconds: Double, keepingUp wanted: Int = 0, rate: Double = 4) {
    let start = now
    let end = start + seconds
    var begun = 0
    while now < end {
      hangUp()
      let now = now
      let due = retries.count { $0 <= now }
      retries.removeFirst(due)
      for _ in 0..<due { offer() }
      while calls.count + retries.count < wanted, Double(begun) <= (now - start) * rate {
        begun += 1
        offer()
      }
      speak()
      stepsDone += 1
      if stepsDone.isMultiple(of: 25) { look() }
      if stepsDone.isMultiple(of: 100) { callsBySecond.append(calls.count) }
    }
  }

  private mutating func offer() {
    if let reason = admission.admit(at: instant) {
      refused[reason, default: 0] += 1
      retries.append(now + Self.retry)
      return
    }
    let end = callers.hold.map { now + Double.random(in: $0, using: &dice) } ?? .infinity
    calls.append(Call(start: now, nextTurn: now + Double.random(in: callers.firstTurn, using: &dice), end: end))
  }

  private mutating func hangUp() {
    let now = now
    let before = calls.count
    for call in calls where call.end <= now { secondsEnded += call.end - call.start }
    calls.removeAll { $0.end <= now }
    callsEnded += before - calls.count
  }

  private mutating func speak() {
    for index in calls.indices where calls[index].nextTurn <= min(now, calls[index].end - callers.quietEnd) {
      recognize()
      calls[index].hasSpoken = true
      calls[index].nextTurn = now + Double.random(in: callers.turnInterval, using: &dice)
    }
  }

  private mutating func recognize() {
    let thread = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
    let start = max(now, freeAt[thread])
    freeAt[thread] = start + callers.recognition
    work.append((now, start, freeAt[thread]))
    waits.append((now, start - now))
  }

  /// What `LoadWatch` sees four times a second.
  private mutating func look() {
    let before = admission.closedFor
    admission.update(figures())
    let past = now - 2
    work.removeAll { $0.end < past }
    if (before == nil) != (admission.closedFor == nil) { doorChanges += 1 }
  }

  private func figures() -> LoadFigures {
    var figures = LoadFigures()
    figures.at = instant
    figures.calls = calls.count
    figures.callsEnded = callsEnded
    (figures.callsRecorded, figures.recordedSeconds) = (callsEnded, secondsEnded)
    figures.speakers = calls.count { $0.hasSpoken }
    figures.loopShares = Double(calls.count) * callers.loopShare
    figures.loopShare = figures.loopShares
    let busy = work.reduce(0) { $0 + max(0, min($1.end, now) - max($1.start, now - 0.25)) }
    figures.engineShare = min(1, busy / 0.25 / Double(threads))
    figures.enginePiecesPerSecond = Double(work.count { $0.end > now - 0.25 && $0.end <= now }) * 4
    let begun = work.filter { $0.start > now - 1 && $0.start <= now }.map { $0.start - $0.come }.max() ?? 0
    let waiting = work.filter { $0.start > now }
    figures.engineWait = .milliseconds(Int(max(begun, waiting.map { now - $0.come }.max() ?? 0) * 1000))
    figures.engineQueue = waiting.count / threads
    return figures
  }
}

extension TurnQueueHarness {
  /// The wait that so many of a hundred turns do not pass, seconds, where turns come independently of one another, in an hour of them.
  static func wait(percentile: Int, utilization: Double, service: Double, threads: Int, seed: UInt64) -> Double {
    var dice = SeededGenerator(seed: seed)
    var (now, freeAt, waits) = (0.0, [Double](repeating: 0, count: threads), [Double]())
    while now < 3600 {
      now -= log(Double.random(in: .leastNonzeroMagnitude...1, using: &dice)) * service / utilization / Double(threads)
      let thread = freeAt.indices.min { freeAt[$0] < freeAt[$1] } ?? 0
      let start = max(now, freeAt[thread])
      freeAt[thread] = start + service
      waits.append(start - now)
    }
    return waits.sorted()[waits.count * percentile / 100]
  }
}
