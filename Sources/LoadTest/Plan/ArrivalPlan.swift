public import CallCore
import Glibc
import Simulation

/// When the calls of a load test begin. A value that is told the time: the same plan asks for the same calls at the same instants.
///
/// There are two sorts. One keeps a number of calls up: each that ends makes room for another, so a slow server is asked less often.
/// The other lets calls arrive whether earlier ones have ended or not, as the public does.
public struct ArrivalPlan: Sendable, Equatable {
  /// A number of calls and how long they are kept up.
  private struct Level: Sendable, Equatable {
    /// Calls at once, 1 and up.
    var calls: Int
    /// From when all of them have begun.
    var hold: CallDuration
  }

  private enum Shape: Sendable, Equatable {
    /// One level after the other; on the way up a call begins every `interval`.
    case levels([Level], interval: CallDuration)
    /// Calls at these instants, in order, all of them within `rise`; then they are kept up for `hold`.
    case spread([CallDuration], rise: CallDuration, hold: CallDuration)
    /// A call every `interval`, for `length`.
    case even(interval: CallDuration, length: CallDuration)
    /// Calls at these instants, in order, for `length`.
    case drawn([CallDuration], length: CallDuration)
  }

  /// Most arrivals that a Poisson plan draws: a day at ten calls a second, in 7 MB.
  public static let arrivalsMax = 864_000

  /// Calls at once. When so many are up, an arrival is given up; `ArrivalSchedule` counts it.
  public let callsMax: Int
  /// In words, for reports.
  public let summary: String
  private let shape: Shape

  /// Raises the load to `calls`, one every `interval`, and keeps it there.
  public static func ramp(to calls: Int, every interval: CallDuration, hold: CallDuration) -> ArrivalPlan {
    ArrivalPlan(
      callsMax: calls,
      summary: "up to \(calls) calls at once, \(rate(interval)), then held for \(WrittenTime.text(hold))",
      shape: .levels([Level(calls: calls, hold: hold)], interval: interval))
  }

  /// Several levels, one after the other. On the way down calls are left to end by themselves.
  /// - Parameter calls: at once on each level; at least one level.
  public static func steps(_ calls: [Int], every interval: CallDuration, hold: CallDuration) -> ArrivalPlan {
    let words = calls.map(String.init).joined(separator: ", ")
    guard let most = calls.max() else { preconditionFailure("a plan of steps needs a step") }
    return ArrivalPlan(
      callsMax: most, summary: "\(words) calls at once, \(rate(interval)), each held for \(WrittenTime.text(hold))",
      shape: .levels(calls.map { Level(calls: $0, hold: hold) }, interval: interval))
  }

  /// Raises the load to `calls` within `rise`, and keeps it there. The calls begin independently of one another, at instants that are drawn from `seed`:
  /// evenly spaced, callers of one case would take their turns in step.
  public static func spread(
    to calls: Int, within rise: CallDuration, hold: CallDuration, seed: UInt64
  ) -> ArrivalPlan {
    var streams = SeededStream(seed: seed, "arrivals")
    let instants = (0..<calls).map { _ in
      CallDuration.microseconds(Int64(streams.number(in: 0...Int(max(rise.microseconds - 1, 0)))))
    }
    return ArrivalPlan(
      callsMax: calls,
      summary: "up to \(calls) calls at once, at random within \(WrittenTime.text(rise)), then held for "
        + WrittenTime.text(hold),
      shape: .spread(instants.sorted(), rise: rise, hold: hold))
  }

  /// A call every `interval`, whether others have ended or not.
  public static func constant(every interval: CallDuration, for length: CallDuration, callsMax: Int) -> ArrivalPlan {
    ArrivalPlan(
      callsMax: callsMax, summary: "\(rate(interval)) for \(WrittenTime.text(length)), at most \(callsMax) at once",
      shape: .even(interval: interval, length: length))
  }

  /// Calls that come independently of one another, `interval` apart in the mean; the gaps are drawn from `seed`.
  ///
  /// What would be more than `arrivalsMax` calls is cut off there.
  public static func poisson(
    every interval: CallDuration, for length: CallDuration, callsMax: Int, seed: UInt64
  ) -> ArrivalPlan {
    var streams = SeededStream(seed: seed, "arrivals")
    var instants: [CallDuration] = []
    var instant = 0.0
    while instants.count < arrivalsMax {
      // 53 bits, never 0: the logarithm of a number in (0, 1].
      let share = Double((streams.next() >> 11) + 1) / 9_007_199_254_740_992
      instant += -log(share) * Double(interval.microseconds)
      guard instant < Double(length.microseconds) else { break }
      instants.append(.microseconds(Int64(instant)))
    }
    return ArrivalPlan(
      callsMax: callsMax,
      summary: "\(rate(interval)) at random for \(WrittenTime.text(length)), at most \(callsMax) at once",
      shape: .drawn(instants, length: length))
  }

  private static func rate(_ interval: CallDuration) -> String {
    "\(WrittenRate.text(interval: interval)) calls a second"
  }
}

// MARK: - Questions

extension ArrivalPlan {
  /// How long calls begin; those that are up then are hung up.
  public var duration: CallDuration {
    switch shape {
    case .levels(let levels, let interval):
      Self.spans(levels, interval).last?.holdEnd ?? .zero
    case .spread(_, let rise, let hold): rise + hold
    case .even(_, let length), .drawn(_, let length): length
    }
  }

  /// Whether the plan keeps a number of calls up, instead of letting them arrive.
  public var isKeptUp: Bool {
    switch shape {
    case .levels, .spread: true
    case .even, .drawn: false
    }
  }

  /// How many calls should have begun.
  /// - Parameters:
  ///   - time: since the start of the plan.
  ///   - over: calls that have ended by then and whose place is free again. Only plans that keep a number of calls up ask for it.
  public func begun(by time: CallDuration, over: Int) -> Int {
    guard time >= .zero else { return 0 }
    switch shape {
    case .levels(let levels, let interval): return Self.level(of: levels, interval, at: time) + over
    case .spread(let instants, _, _): return Self.count(of: instants, by: time) + over
    case .even(let interval, let length):
      return Int(min(time, length - .microseconds(1)).microseconds / max(interval.microseconds, 1)) + 1
    case .drawn(let instants, _): return Self.count(of: instants, by: time)
    }
  }

  /// Whether the highest load is on: all calls of a level have begun and it is held. For figures of a steady state, such as growth.
  public func isFull(at time: CallDuration) -> Bool {
    switch shape {
    case .levels(let levels, let interval):
      Self.spans(levels, interval).contains { $0.calls == callsMax && $0.holdStart <= time && time < $0.holdEnd }
    case .spread(_, let rise, let hold): rise <= time && time < rise + hold
    case .even(_, let length), .drawn(_, let length): time < length
    }
  }

  private struct Span {
    var calls: Int
    var before: Int
    var start: CallDuration
    var holdStart: CallDuration
    var holdEnd: CallDuration
  }

  private static func spans(_ levels: [Level], _ interval: CallDuration) -> [Span] {
    var spans: [Span] = []
    for level in levels {
      let before = spans.last?.calls ?? 0
      let start = spans.last?.holdEnd ?? .zero
      let holdStart = start + interval * max(level.calls - before, 0)
      spans.append(
        Span(calls: level.calls, before: before, start: start, holdStart: holdStart, holdEnd: holdStart + level.hold))
    }
    return spans
  }

  private static func level(of levels: [Level], _ interval: CallDuration, at time: CallDuration) -> Int {
    let spans = spans(levels, interval)
    guard let span = spans.first(where: { time < $0.holdEnd }) ?? spans.last else { return 0 }
    guard time < span.holdStart else { return span.calls }
    let steps = (time - span.start).microseconds / max(interval.microseconds, 1)
    return min(span.calls, span.before + Int(steps) + 1)
  }

  private static func count(of instants: [CallDuration], by time: CallDuration) -> Int {
    var (low, high) = (0, instants.count)
    while low < high {
      let middle = (low + high) / 2
      if instants[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Keeps count of the calls that a plan asks for: those that were begun, and those for which there was no room.
public struct ArrivalSchedule: Sendable, Equatable {
  private let plan: ArrivalPlan
  private let segment: LoadSegment
  /// Calls that were begun.
  public private(set) var begun = 0
  /// Arrivals that were given up because `ArrivalPlan.callsMax` calls were up. A load that is given up is not put on the server: the
  /// report says so.
  public private(set) var givenUp = 0

  /// - Parameters:
  ///   - plan: whose calls.
  ///   - segment: the part of them that is meant.
  public init(plan: ArrivalPlan, segment: LoadSegment = .whole) { (self.plan, self.segment) = (plan, segment) }

  /// How many calls are to be begun now; they count as begun.
  /// - Parameters:
  ///   - time: since the start of the plan.
  ///   - up: calls that are under way, those included that are still connecting.
  ///   - over: calls that have ended and whose place is free again.
  public mutating func beginDue(at time: CallDuration, up: Int, over: Int) -> Int {
    let due = segment.share(of: plan.begun(by: time, over: 0)) + (plan.isKeptUp ? over : 0)
    let wanted = max(due - begun - givenUp, 0)
    let taken = min(wanted, max(segment.share(of: plan.callsMax) - up, 0))
    begun += taken
    if !plan.isKeptUp { givenUp += wanted - taken }
    return taken
  }
}
