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

  /// Nothing was tried yet.
  public init(callsMax: Int) { self.callsMax = callsMax }

  /// The run that confirmed the capacity, or else the last.
  public var decisive: LoadResult? { runs.last?.result }
}
