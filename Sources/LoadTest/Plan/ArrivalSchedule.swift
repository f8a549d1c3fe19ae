public import CallCore

/// Keeps count of the calls that a plan asks for: those that were begun, and those for which there was no room.
public struct ArrivalSchedule: Sendable, Equatable {
  private let plan: ArrivalPlan
  /// Calls that were begun.
  public private(set) var begun = 0
  /// Arrivals that were given up because `ArrivalPlan.callsMax` calls were up. A load that is given up is not put on the server: the
  /// report says so.
  public private(set) var givenUp = 0

  /// - Parameter plan: whose calls.
  public init(plan: ArrivalPlan) { self.plan = plan }

  /// How many calls are to be begun now; they count as begun.
  /// - Parameters:
  ///   - time: since the start of the plan.
  ///   - up: calls that are under way, those included that are still connecting.
  ///   - over: calls that have ended and whose place is free again.
  public mutating func take(at time: CallDuration, up: Int, over: Int) -> Int {
    let wanted = max(plan.begun(by: time, over: over) - begun - givenUp, 0)
    let taken = min(wanted, max(plan.callsMax - up, 0))
    begun += taken
    if !plan.isKeptUp { givenUp += wanted - taken }
    return taken
  }
}
