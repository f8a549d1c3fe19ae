import CallCore
public import WebSockets

/// Carries out a search for the highest load: a run of its own for each number of calls.
public struct CapacityRun {
  /// Steps of 10 ms between two runs: 3 s, in which a server forgets the load before.
  private static let restSteps = 300

  private var search: CapacitySearch
  private let makeRun: (Int) -> LoadRun

  /// - Parameters:
  ///   - search: where to begin and where to end.
  ///   - makeRun: a run with so many calls at once. Its thresholds should be ones with `abort`, so that what is hopeless takes no time.
  public init(_ search: CapacitySearch, makeRun: @escaping (Int) -> LoadRun) {
    self.search = search
    self.makeRun = makeRun
  }

  /// Runs to the end; the calling thread waits.
  /// - Parameters:
  ///   - isStopped: waits so many milliseconds and says whether the search is to end now.
  ///   - tell: once a second: what is being tried, and how that stands.
  ///   - found: after each run.
  public mutating func run(
    isStopped: (Int) -> Bool, tell: (CapacitySearch.Step, LoadRun.Progress) -> Void,
    found: (CapacitySearch.Probe, LoadResult) -> Void
  ) throws(WebSocketError) -> CapacityResult {
    var outcome = CapacityResult(callsMax: search.callsMax)
    while true {
      let step = search.next
      let calls: Int
      switch step {
      case .probe(let count), .confirm(let count): calls = count
      case .found(let count):
        outcome.capacity = count
        return outcome
      case .nothing: return outcome
      }
      let result = try makeRun(calls).run(isStopped: isStopped) { tell(step, $0) }
      search.note(held: result.verdict == .passed)
      if let probe = search.probes.last {
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
