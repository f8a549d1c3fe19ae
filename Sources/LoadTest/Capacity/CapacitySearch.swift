import CallCore
public import WebSockets

/// Finds the highest number of calls that a server holds: raises the load until a threshold breaks, halves the gap until it is small, and
/// has the highest load that held run once more. A value that is told what became of each run.
public struct CapacitySearch: Sendable, Equatable {
  /// What comes next.
  public enum Step: Sendable, Equatable {
    /// Try so many calls.
    case probe(Int)
    /// Try once more whether so many hold.
    case confirm(Int)
    /// So many hold, and did so twice.
    case found(Int)
    /// Not even one call holds, or nothing held twice in `confirmationsMax` tries.
    case nothing
  }

  /// A run and what became of it.
  public struct Probe: Sendable, Equatable {
    /// Calls at once.
    public var calls: Int
    /// Whether every threshold was kept.
    public var held: Bool
    /// Whether the load had held before.
    public var isConfirmation: Bool
  }

  /// Loads that are tried a second time. What holds only now and then is not held.
  public static let confirmationsMax = 3
  /// The gap between what holds and what does not that is small enough, in per cent of what holds.
  public static let gapPercent = 5

  /// Most calls that are tried.
  public let callsMax: Int
  /// Every run so far, in order.
  public private(set) var probes: [Probe] = []
  /// What comes next.
  public private(set) var next: Step

  /// - Parameters:
  ///   - start: calls of the first run, 1 … `callsMax`.
  public init(start: Int, callsMax: Int) {
    precondition((1...callsMax).contains(start), "a search begins within its bounds")
    self.callsMax = callsMax
    next = .probe(start)
  }

  /// Takes in what became of the run that `next` asked for.
  public mutating func recordRun(held: Bool) {
    switch next {
    case .probe(let calls): probes.append(Probe(calls: calls, held: held, isConfirmation: false))
    case .confirm(let calls):
      probes.append(Probe(calls: calls, held: held, isConfirmation: true))
      if held {
        next = .found(calls)
        return
      }
    case .found, .nothing: preconditionFailure("the search is over")
    }
    next = step()
  }

  private func step() -> Step {
    let broken = probes.filter { !$0.held }.map(\.calls).min()
    // What held once and not the second time is broken, and what is above it, too.
    let held = probes.filter { $0.held && $0.calls < broken ?? .max }.map(\.calls).max() ?? 0
    guard let broken else {
      return held >= callsMax ? .confirm(callsMax) : .probe(min(held + max(held / 2, 1), callsMax))
    }
    let gap = broken - held
    if gap > max(held * Self.gapPercent / 100, 1) { return .probe(held + gap / 2) }
    let failedConfirmations = probes.count { $0.isConfirmation && !$0.held }
    return held > 0 && failedConfirmations < Self.confirmationsMax ? .confirm(held) : .nothing
  }
}

extension CapacitySearch {
  /// Steps of 10 ms between two runs: 3 s, in which a server forgets the load before.
  private static let restSteps = 300

  /// Carries the search out, with a run of its own for each number of calls; the calling thread waits.
  /// - Parameters:
  ///   - makeRun: a run with so many calls at once. Its thresholds should be ones with `abort`, so that what is hopeless takes no time.
  ///   - isStopped: waits so many milliseconds and says whether the search is to end now.
  ///   - tell: once a second: what is being tried, and how that stands.
  ///   - found: after each run.
  public mutating func run(
    _ makeRun: (Int) -> LoadRun, isStopped: (Int) -> Bool, tell: (Step, LoadTotals) -> Void,
    found: (Probe, LoadResult) -> Void
  ) throws(WebSocketError) -> CapacityResult {
    var outcome = CapacityResult(callsMax: callsMax)
    while true {
      let step = next
      let calls: Int
      switch step {
      case .probe(let count), .confirm(let count): calls = count
      case .found(let count):
        outcome.capacity = count
        return outcome
      case .nothing: return outcome
      }
      let result = try makeRun(calls).run(isStopped: isStopped) { tell(step, $0) }
      recordRun(held: result.verdict == .passed)
      if let probe = probes.last {
        outcome.runs.append((probe, result))
        found(probe, result)
      }
      if result.provesNothing || Self.rests(isStopped) {
        outcome.isBroken = true
        return outcome
      }
    }
  }

  private static func rests(_ isStopped: (Int) -> Bool) -> Bool {
    for _ in 0..<restSteps where isStopped(10) { return true }
    return false
  }
}

extension LoadResult {
  /// Whether nothing can be concluded from the run: the generator was late, the target gone, or somebody stopped it.
  fileprivate var provesNothing: Bool {
    verdict == .invalid || verdict == .unreachable || ending == .stopped || ending == .targetGone
  }
}

/// What came of a search for the highest load.
public struct CapacityResult: Sendable {
  /// Every run, in order.
  public var runs: [(probe: CapacitySearch.Probe, result: LoadResult)] = []
  /// Calls that held twice; `nil` when there is no such number or the search did not come to its end.
  public var capacity: Int?
  /// Whether the search was stopped, or a run showed nothing: the generator was late, or the target gone.
  public var isBroken = false
  /// Most calls that were to be tried: a capacity of as many may be higher.
  public var callsMax: Int

  /// The run that confirmed the capacity, or else the last.
  public var decisive: LoadResult? { runs.last?.result }
}
