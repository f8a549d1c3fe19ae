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

  /// - Parameters:
  ///   - cores: used by all calls together.
  ///   - calls: whose cost shows in it.
  mutating func learn(cores: Double, calls: Int) {
    guard calls >= Self.callsMin else { return }
    let measured = min(max(cores / Double(calls), known / Self.rangeFactor), known * Self.rangeFactor)
    share += (measured - share) * Self.newShare
  }
}
