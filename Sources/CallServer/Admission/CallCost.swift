/// What one call costs on average: taken as known while nothing was measured, learned from the calls that are up afterwards.
///
/// A ratio of two averages, cores used and calls that used them: both forget at the same pace, so that a load that grows or falls does not
/// bend it. A hundred calls have some 500 turns in the time that is remembered, which leaves 4 % to chance.
package struct CallCost: Sendable, Equatable {
  /// How far the learned cost may leave the known one, either way: calls that are silent now may speak in a moment.
  static let rangeFactor = 8.0
  /// The known cost weighs as much as so many calls that were measured for long: fewer say nothing about the average.
  static let callsOfKnown = 4.0
  /// Share of a new measurement in the averages. At four a second they forget within some 16 s.
  private static let newShare = 1.0 / 64
  /// The same while no call is up, 3 s: the next calls may be others.
  private static let forgottenShare = 1.0 / 12

  /// Share of a core that is taken for it while nothing was measured.
  var known: Double
  /// Cores used, averaged.
  private var cores = 0.0
  /// Calls that used them, averaged.
  private var calls = 0.0

  /// - Parameter known: share of a core.
  init(known: Double) { self.known = known }

  /// Share of a core, as far as it is known now.
  package var share: Double {
    let learned = (cores + known * Self.callsOfKnown) / (calls + Self.callsOfKnown)
    return min(max(learned, known / Self.rangeFactor), known * Self.rangeFactor)
  }

  /// Takes in one look.
  /// - Parameters:
  ///   - cores: used by all calls together.
  ///   - calls: that are old enough to cost what they will, 0 and up.
  ///   - isIdle: whether no call is up.
  mutating func learn(cores: Double, calls: Double, isIdle: Bool) {
    guard !isIdle else {
      self.cores -= self.cores * Self.forgottenShare
      self.calls -= self.calls * Self.forgottenShare
      return
    }
    self.cores += (cores - self.cores) * Self.newShare
    self.calls += (calls - self.calls) * Self.newShare
  }
}
