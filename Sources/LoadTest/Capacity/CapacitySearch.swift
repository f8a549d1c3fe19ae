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
  ///   - callsMax: see the property.
  public init(start: Int, callsMax: Int) {
    precondition((1...callsMax).contains(start), "a search begins within its bounds")
    self.callsMax = callsMax
    next = .probe(start)
  }

  /// Takes in what became of the run that `next` asked for.
  public mutating func note(held: Bool) {
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
