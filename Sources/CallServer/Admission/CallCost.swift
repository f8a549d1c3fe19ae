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
